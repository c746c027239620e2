"""From readings, one per person and second, to a tally of seconds."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from core.monitoring.second import PersonSecond, Second
from core.timeline.adding import added_up
from core.timeline.tally import GAP_S, SECOND_S, Floats, Ints, Tally, empty


def tally_of_columns(
    labels: tuple[str, ...],
    session: npt.ArrayLike,
    track: npt.ArrayLike,
    begin_s: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    pain: npt.ArrayLike,
    sure_from: npt.ArrayLike,
) -> Tally:
    """Of seconds, in any order.

    Args:
        labels: k of them.
        session: (n,) ids.
        track: (n,) track ids, from 1.
        begin_s: (n,) Unix time at which each second begins; fractions are cut off.
        probabilities: (n, k), 0 to 1.
        pain: (n,) by the alert model; NaN where it did not run.
        sure_from: (n,), or one for all: confidence from which the likeliest label is said.
    """
    keys = np.column_stack(
        [
            np.asarray(session, np.int64),
            np.asarray(track, np.int64),
            np.floor(np.asarray(begin_s)).astype(np.int64),
        ]
    )
    if not len(keys):
        return empty(SECOND_S, labels)
    order = np.lexsort(keys.T[::-1])
    keys = keys[order]
    shares = np.asarray(probabilities, np.float64)[order]
    painful = np.asarray(pain, np.float64)[order]
    read = ~np.isnan(painful)
    painful = np.where(read, painful, 0.0)
    looks = _looks(shares, np.broadcast_to(np.asarray(sure_from, np.float64), len(keys))[order])
    return added_up(
        Tally(
            width_s=SECOND_S,
            labels=labels,
            session=keys[:, 0],
            track=keys[:, 1],
            begin_s=keys[:, 2],
            seconds=np.ones(len(keys), np.int64),
            probabilities=shares,
            top=(looks[:, None] == np.arange(len(labels) + 1)).astype(np.int64),
            pain=painful,
            pain_seconds=read.astype(np.int64),
            pain_most=painful,
            changes=_changes(keys, looks),
        )
    )


def tally_of_seconds(session_id: int, seconds: Iterable[Second], sure_from: float) -> Tally:
    """Of one camera or video. Each second counts in the piece in which it begins.

    Args:
        session_id: of all of them.
        seconds: in any order; models may change among them.
        sure_from: confidence from which the likeliest label is said.
    """
    found = [(_begin_s(each), person) for each in seconds for person in each.people]
    labels = tuple(dict.fromkeys(label for _, person in found for label in person.shown.labels))
    probabilities = np.zeros((len(found), len(labels)))
    column = {label: index for index, label in enumerate(labels)}
    for row, (_, person) in enumerate(found):
        probabilities[row, [column[label] for label in person.shown.labels]] = (
            person.shown.probabilities
        )
    return tally_of_columns(
        labels,
        np.full(len(found), session_id),
        [person.track_id for _, person in found],
        [begin_s for begin_s, _ in found],
        probabilities,
        [_pain(person) for _, person in found],
        sure_from,
    )


def _begin_s(second: Second) -> int:
    return math.floor(second.at_utc.timestamp() - 1)


def _pain(person: PersonSecond) -> float:
    for reading in (person.watched, person.shown):
        if reading is not None and "pain" in reading.labels:
            return reading.probability("pain")
    return math.nan


def _looks(probabilities: Floats, sure_from: Floats) -> Ints:
    """Column of the likeliest label, or the one after all where it is not sure."""
    looks: Ints = probabilities.argmax(axis=1)
    looks[probabilities.max(axis=1) < sure_from] = probabilities.shape[1]
    return looks


def _changes(keys: Ints, looks: Ints) -> Ints:
    """Between rows of one person that follow each other, counted in the later one."""
    step = np.diff(keys, axis=0)
    neighbours = (step[:, :2] == 0).all(axis=1) & (step[:, 2] <= GAP_S)
    after = np.flatnonzero(neighbours & (looks[1:] != looks[:-1])) + 1
    return np.column_stack([after, looks[after - 1], looks[after], np.ones_like(after)])
