"""Readings added up over equal pieces of time: what is kept for a year, and what charts draw.

All columns are sums, so that pieces may be added to wider pieces in any order: seconds to minutes,
minutes to hours, people to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from core.expression.wording import NOT_SURE

SECOND_S, MINUTE_S, HOUR_S = 1, 60, 3600
"""Widths that are kept; a chart may ask for wider ones."""

EVERYBODY = 0
"""Stands for a track id where all people of a session were added up; track ids count from 1."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tally:
    """One row for each piece of time, session and person with at least one readable second.

    Rows are ordered by session, then person, then time.

    Attributes:
        width_s: of a piece. Pieces begin at whole multiples of it since 1970 (UTC).
        labels: k labels of the chosen models, the columns; of several label sets their union.
        session: (n,) ids of sessions.
        track: (n,) track ids, or `EVERYBODY`.
        begin_s: (n,) Unix time at which the piece begins.
        seconds: (n,) seconds in which the person was read. Of `EVERYBODY` the sum over people, so
            it may exceed the width.
        probabilities: (n, k) sums over these seconds.
        top: (n, k + 1) seconds in which each label was the likeliest; the last column counts those
            in which the likeliest was below the session's confidence: "not sure".
        pain: (n,) sum of the alert model's probability of pain, over the seconds that it read.
        pain_seconds: (n,) those seconds; 0 where that model did not run.
        pain_most: (n,) largest probability of pain in one second; 0.0 where it did not run.
        changes: (m, 4) of what was likeliest from one second to the next: row in this tally, column
            of `top` before, column after, how often. Only where both differ; within one person
            and no more than `GAP_S` apart; counted in the piece of the later second.
    """

    width_s: int
    labels: tuple[str, ...]
    session: Ints
    track: Ints
    begin_s: Ints
    seconds: Ints
    probabilities: Floats
    top: Ints
    pain: Floats
    pain_seconds: Ints
    pain_most: Floats
    changes: Ints

    def __len__(self) -> int:
        return len(self.begin_s)

    @property
    def looks(self) -> tuple[str, ...]:
        """Names of the columns of `top`: the labels and `NOT_SURE`."""
        return (*self.labels, NOT_SURE)


GAP_S = 2.5
"""Further apart, two seconds of a person are not neighbours."""


def empty(width_s: int, labels: tuple[str, ...] = ()) -> Tally:
    """Without rows."""
    k = len(labels)
    none, no_floats = np.zeros(0, np.int64), np.zeros(0)
    return Tally(
        width_s=width_s,
        labels=labels,
        session=none,
        track=none,
        begin_s=none,
        seconds=none,
        probabilities=np.zeros((0, k)),
        top=np.zeros((0, k + 1), np.int64),
        pain=no_floats,
        pain_seconds=none,
        pain_most=no_floats,
        changes=np.zeros((0, 4), np.int64),
    )


def rows(tally: Tally, mask: Mask) -> Tally:
    """A selection with its own changes.

    Args:
        tally: to select from.
        mask: (n,) True for rows that stay.
    """
    kept = tally.changes[mask[tally.changes[:, 0]]]
    kept = np.column_stack([(np.cumsum(mask) - 1)[kept[:, 0]], kept[:, 1:]])
    return replace(
        tally,
        **{name: getattr(tally, name)[mask] for name in ROW_COLUMNS},
        changes=kept,
    )


ROW_COLUMNS = (
    "session",
    "track",
    "begin_s",
    "seconds",
    "probabilities",
    "top",
    "pain",
    "pain_seconds",
    "pain_most",
)
"""Attributes of a tally with an entry for each row."""
