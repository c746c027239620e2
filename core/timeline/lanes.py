"""What single people looked like over time, one lane for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.timeline.tally import Ints, Tally

LOOKS_UNSURE = -1
NOT_THERE = -2
"""Entries of a lane that are no label."""

Looks = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Person:
    """Somebody who was seen without a longer gap; who leaves and comes back is counted anew."""

    session: int
    track: int
    seconds: int


@dataclass(frozen=True, eq=False)
class Lanes:
    """Pieces of one width, without gaps, from the first in which anybody was read to the last.

    Attributes:
        width_s: of a piece.
        labels: k of them.
        begin_s: (m,) Unix time at which each piece begins.
        people: p of them, in the order in which they came.
        looks: (p, m) column of the label that was the likeliest for most of the piece;
            `LOOKS_UNSURE` or `NOT_THERE`.
        others: how many people more there were, each seen more briefly than these.
    """

    width_s: int
    labels: tuple[str, ...]
    begin_s: Ints
    people: tuple[Person, ...]
    looks: Looks
    others: int


def lanes(tally: Tally, most: int) -> Lanes:
    """Of the `most` people who were seen longest."""
    if not len(tally):
        none = np.zeros((0, 0), np.int8)
        return Lanes(tally.width_s, tally.labels, tally.begin_s, (), none, 0)
    grid_s = np.arange(
        tally.begin_s.min(), tally.begin_s.max() + tally.width_s, tally.width_s, dtype=np.int64
    )
    keys, first, person = np.unique(
        np.column_stack([tally.session, tally.track]),
        axis=0,
        return_index=True,
        return_inverse=True,
    )
    seconds = np.bincount(person, tally.seconds).astype(np.int64)
    longest = np.argsort(-seconds, kind="stable")[:most]
    shown = longest[np.argsort(tally.begin_s[first[longest]], kind="stable")]
    lane = np.full(len(keys), -1)
    lane[shown] = np.arange(len(shown))
    kept = lane[person] >= 0
    looks = np.full((len(shown), len(grid_s)), NOT_THERE, np.int8)
    place = (tally.begin_s - grid_s[0]) // tally.width_s
    looks[lane[person][kept], place[kept]] = likeliest(tally)[kept]
    people = tuple(
        Person(session=int(keys[index, 0]), track=int(keys[index, 1]), seconds=int(seconds[index]))
        for index in shown
    )
    return Lanes(tally.width_s, tally.labels, grid_s, people, looks, len(keys) - len(shown))


def likeliest(tally: Tally) -> Looks:
    """(n,) column of the label that each row shows for longest, or `LOOKS_UNSURE`."""
    looks = tally.top.argmax(axis=1)
    return np.where(looks == len(tally.labels), LOOKS_UNSURE, looks).astype(np.int8)
