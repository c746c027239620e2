"""A session's seconds as a tally, within a transaction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from core.records.columns import microseconds
from core.records.second_rows import SECOND, Labels, labels_by_id
from core.records.tables import reading
from core.records.tally_rows import unpacked_rows
from core.timeline.reading_tally import tally_of_columns
from core.timeline.tally import GAP_S, SECOND_S, Tally, empty, rows

_US = 1_000_000


def tally_of_session(
    connection: Connection, session_id: int, sure_from: float, since_s: int, until_s: int
) -> Tally:
    """Of the pieces that begin in this Unix time; the end is not included."""
    earlier_s = since_s - math.ceil(GAP_S)  # a change counts in the later second
    row = reading.c
    query = select(
        row.shown_labels,
        row.watched_labels,
        row.track_id,
        microseconds(connection, row.at_utc),
        row.shown,
        row.watched,
    ).where(
        row.session_id == session_id,
        row.at_utc >= datetime.fromtimestamp(earlier_s, UTC) + SECOND,
        row.at_utc < datetime.fromtimestamp(until_s, UTC) + SECOND,
    )
    found = connection.execute(query).all()
    if not found:
        return empty(SECOND_S)
    shown_labels, watched_labels, track, at_us, shown, watched = zip(*found, strict=True)
    known = labels_by_id(connection)
    labels, probabilities = _together(known, shown_labels, shown)
    tally = tally_of_columns(
        labels,
        np.full(len(found), session_id),
        track,
        np.array(at_us, np.int64) // _US - SECOND_S,
        probabilities,
        _pain(known, (watched_labels, watched), (shown_labels, shown)),
        sure_from,
    )
    return rows(tally, tally.begin_s >= since_s)


def _together(
    known: Mapping[int, Labels], of_rows: Sequence[int], kept: Sequence[bytes]
) -> tuple[Labels, npt.NDArray[np.float64]]:
    """Of several models the union of their labels."""
    sets = {each: known[each] for each in sorted(set(of_rows))}
    labels = tuple(dict.fromkeys(label for each in sets.values() for label in each))
    probabilities = np.zeros((len(kept), len(labels)))
    for labels_id, each in sets.items():
        its_rows = _rows_with(of_rows, labels_id)
        columns = [labels.index(label) for label in each]
        its_own = unpacked_rows([kept[row] for row in its_rows], len(each), "<u2")
        probabilities[np.ix_(its_rows, columns)] = its_own
    return labels, probabilities


def _pain(
    known: Mapping[int, Labels], *readings: tuple[Sequence[int | None], Sequence[Any]]
) -> npt.NDArray[np.float64]:
    """Of the first of these readings that knows it; NaN where none does."""
    pain = np.full(len(readings[0][0]), np.nan)
    for of_rows, kept in reversed(readings):
        for labels_id in set(of_rows) - {None}:
            labels = known[labels_id] if labels_id is not None else ()
            if "pain" in labels:
                its_rows = _rows_with(of_rows, labels_id)
                its_own = unpacked_rows([kept[row] for row in its_rows], len(labels), "<u2")
                pain[its_rows] = its_own[:, labels.index("pain")]
    return pain


def _rows_with(of_rows: Sequence[int | None], labels_id: int | None) -> list[int]:
    return [row for row, each in enumerate(of_rows) if each == labels_id]
