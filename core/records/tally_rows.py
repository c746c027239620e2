"""Rows of roll-ups, to tallies and back, within a transaction.

Nothing is lost: probabilities of seconds are whole multiples of 1/65535, and their sums are kept as
such whole numbers. Little-endian: `probabilities` four bytes per label, `top` two per label and two
for "not sure", `changes` four bytes each: before and after one byte, how often two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, select

from core.monitoring.second import PROBABILITY_STEPS
from core.records.columns import microseconds
from core.records.second_rows import Labels, labels_by_id
from core.records.tables import rollup
from core.timeline.adding import joined
from core.timeline.tally import Tally, empty

_CHANGE = np.dtype([("before", "u1"), ("after", "u1"), ("count", "<u2")])


def rollups_where(connection: Connection, width_s: int, which: ColumnElement[bool]) -> Tally:
    """The kept pieces of this width."""
    row = rollup.c
    columns = (
        row.session_id,
        row.track_id,
        microseconds(connection, row.at_utc),
        row.seconds,
        row.probabilities,
        row.top,
        row.changes,
        row.pain_seconds,
        row.pain,
        row.pain_most,
    )
    query = select(row.labels, *columns).where(row.width_s == width_s, which)
    found = connection.execute(query).all()
    if not found:
        return empty(width_s)
    known = labels_by_id(connection)
    of_rows = {each[0] for each in found}
    by_labels = {
        id_: found if len(of_rows) == 1 else [each for each in found if each[0] == id_]
        for id_ in sorted(of_rows)
    }
    return joined([_tally(width_s, known[id_], its) for id_, its in by_labels.items()])


def rollup_values(tally: Tally, labels_id: int) -> list[dict[str, Any]]:
    """To be inserted.

    Args:
        tally: of minutes or hours.
        labels_id: of its labels.
    """
    begins = [datetime.fromtimestamp(begin_s, UTC) for begin_s in tally.begin_s.tolist()]
    probabilities = _steps(tally.probabilities).astype("<u4")
    top = tally.top.astype("<u2")
    pain, pain_most = _steps(tally.pain).tolist(), _steps(tally.pain_most).tolist()
    return [
        {
            "width_s": tally.width_s,
            "at_utc": begins[index],
            "session_id": int(tally.session[index]),
            "track_id": int(tally.track[index]),
            "labels": labels_id,
            "seconds": int(tally.seconds[index]),
            "probabilities": probabilities[index].tobytes(),
            "top": top[index].tobytes(),
            "changes": changes,
            "pain_seconds": int(tally.pain_seconds[index]),
            "pain": pain[index],
            "pain_most": pain_most[index],
        }
        for index, changes in enumerate(_changes_of_rows(tally))
    ]


def _tally(width_s: int, labels: Labels, rows: Sequence[Sequence[Any]]) -> Tally:
    _, session, track, at_us, seconds, probabilities, top, changes, read, pain, most = zip(
        *rows, strict=True
    )
    return Tally(
        width_s=width_s,
        labels=labels,
        session=np.array(session, np.int64),
        track=np.array(track, np.int64),
        begin_s=np.array(at_us, np.int64) // 1_000_000,
        seconds=np.array(seconds, np.int64),
        probabilities=unpacked_rows(probabilities, len(labels), "<u4"),
        top=_rows(top, len(labels) + 1, "<u2").astype(np.int64),
        pain=np.array(pain, np.float64) / PROBABILITY_STEPS,
        pain_seconds=np.array(read, np.int64),
        pain_most=np.array(most, np.float64) / PROBABILITY_STEPS,
        changes=_changes_from(changes),
    )


def unpacked_rows(kept: Sequence[bytes], columns: int, kind: str) -> npt.NDArray[np.float64]:
    """Probabilities, or sums of some: (rows, columns), of steps of this numpy type."""
    return _rows(kept, columns, kind) / PROBABILITY_STEPS


def _rows(kept: Sequence[bytes], columns: int, kind: str) -> npt.NDArray[Any]:
    return np.frombuffer(b"".join(kept), kind).reshape(len(kept), columns)


def _steps(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.rint(sums * PROBABILITY_STEPS).astype(np.int64)


def _changes_from(kept: Sequence[bytes]) -> npt.NDArray[np.int64]:
    each = np.frombuffer(b"".join(kept), _CHANGE)
    lengths = [len(changes) // _CHANGE.itemsize for changes in kept]
    row = np.repeat(np.arange(len(kept)), lengths)
    columns = [row, each["before"], each["after"], each["count"]]
    return np.column_stack(columns).astype(np.int64)


def _changes_of_rows(tally: Tally) -> list[bytes]:
    changes = tally.changes[np.argsort(tally.changes[:, 0], kind="stable")]
    each = np.empty(len(changes), _CHANGE)
    each["before"], each["after"], each["count"] = changes[:, 1:].T
    ends = np.searchsorted(changes[:, 0], np.arange(len(tally)), side="right")
    return [part.tobytes() for part in np.split(each, ends)[: len(tally)]]
