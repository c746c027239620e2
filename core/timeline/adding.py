"""Pieces of tallies added to larger ones: wider, of everybody, of several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from core.timeline.tally import EVERYBODY, ROW_COLUMNS, Floats, Ints, Tally

ALL_SESSIONS = 0
"""Stands for a session's id where sessions were added up."""


def joined(tallies: Sequence[Tally]) -> Tally:
    """Of one width, at least one; rows of the same session, person and piece are added.

    The labels are the union in order of first appearance, so that models may differ.
    """
    (width_s,) = {tally.width_s for tally in tallies}
    labels = tuple(dict.fromkeys(label for tally in tallies for label in tally.labels))
    same = [_with_labels(tally, labels) for tally in tallies]
    first_rows = np.cumsum([0, *(len(tally) for tally in same)])
    changes = [
        tally.changes + np.array([first_row, 0, 0, 0])
        for tally, first_row in zip(same, first_rows, strict=False)
    ]
    columns = {
        name: np.concatenate([getattr(tally, name) for tally in same]) for name in ROW_COLUMNS
    }
    return added_up(Tally(width_s, labels, **columns, changes=np.concatenate(changes)))


def coarser(tally: Tally, width_s: int, offset_s: int = 0) -> Tally:
    """In wider pieces.

    Args:
        tally: to be added up.
        width_s: a whole multiple of its width.
        offset_s: a multiple of its width, too; pieces begin so much after whole multiples of
            `width_s`, as days of a time zone do.
    """
    if width_s % tally.width_s or offset_s % tally.width_s:
        raise ValueError(f"Pieces of {tally.width_s} s do not add up to {width_s} s.")
    begin_s = (tally.begin_s - offset_s) // width_s * width_s + offset_s
    return added_up(replace(tally, width_s=width_s, begin_s=begin_s))


def over_people(tally: Tally) -> Tally:
    """One row for each piece and session, of everybody in it."""
    return added_up(replace(tally, track=np.full_like(tally.track, EVERYBODY)))


def over_sessions(tally: Tally) -> Tally:
    """One row for each piece: people are added up, too, as each session counts its own."""
    return over_people(replace(tally, session=np.full_like(tally.session, ALL_SESSIONS)))


def added_up(tally: Tally) -> Tally:
    """In the order of a tally, rows with the same session, person and piece as one.

    Args:
        tally: with rows in any order.
    """
    key = np.column_stack([tally.session, tally.track, tally.begin_s])
    order = np.lexsort((tally.begin_s, tally.track, tally.session))
    key = key[order]
    first = np.ones(len(key), np.bool_)
    first[1:] = (key[1:] != key[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    new_row = np.empty(len(key), np.int64)
    new_row[order] = np.cumsum(first) - 1
    session, track, begin_s = key[starts].T
    return replace(
        tally,
        session=session,
        track=track,
        begin_s=begin_s,
        seconds=_sums(tally.seconds[order], starts),
        probabilities=_sums(tally.probabilities[order], starts),
        top=_sums(tally.top[order], starts),
        pain=_sums(tally.pain[order], starts),
        pain_seconds=_sums(tally.pain_seconds[order], starts),
        pain_most=_most(tally.pain_most[order], starts),
        changes=_changes(np.column_stack([new_row[tally.changes[:, 0]], tally.changes[:, 1:]])),
    )


def _sums(column: npt.NDArray[Any], starts: Ints) -> npt.NDArray[Any]:
    # Trap: reduceat fails where nothing starts.
    return np.add.reduceat(column, starts, axis=0) if len(starts) else column


def _most(column: Floats, starts: Ints) -> Floats:
    return np.maximum.reduceat(column, starts) if len(starts) else column


def _changes(changes: Ints) -> Ints:
    """Each row, before and after once."""
    if not len(changes):
        return changes
    row, before, after, count = changes.T
    looks = changes[:, 1:3].max() + 1
    # one number for each is sorted many times faster than three
    key = (row * looks + before) * looks + after
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    counts = np.zeros(len(first), np.int64)
    np.add.at(counts, inverse, count)
    return np.column_stack([changes[first, :3], counts])


def _with_labels(tally: Tally, labels: tuple[str, ...]) -> Tally:
    """The same with more columns; "not sure" stays the last one."""
    if tally.labels == labels:
        return tally
    column = np.array([*(labels.index(label) for label in tally.labels), len(labels)], np.int64)
    probabilities = np.zeros((len(tally), len(labels)))
    probabilities[:, column[:-1]] = tally.probabilities
    top = np.zeros((len(tally), len(labels) + 1), np.int64)
    top[:, column] = tally.top
    row, before, after, count = tally.changes.T
    changes = np.column_stack([row, column[before], column[after], count])
    return replace(tally, labels=labels, probabilities=probabilities, top=top, changes=changes)
