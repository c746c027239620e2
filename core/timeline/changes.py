"""From which expression people went over to which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.timeline.tally import Floats, Ints, Tally


@dataclass(frozen=True, eq=False)
class ChangeMatrix:
    """Changes of the likeliest expression from one second to the next.

    Attributes:
        looks: k labels and "not sure".
        counts: (k + 1, k + 1), row before, column after; zeros on the diagonal.
    """

    looks: tuple[str, ...]
    counts: Ints

    @property
    def share(self) -> Floats:
        """Of each row what came after, adding up to 1; a row without changes is NaN."""
        total = self.counts.sum(axis=1, keepdims=True)
        return np.where(total > 0, self.counts / np.maximum(1, total), np.nan)


def changes_between(tally: Tally) -> ChangeMatrix:
    """Of everybody at any time in it."""
    counts = np.zeros((len(tally.looks),) * 2, np.int64)
    _, before, after, count = tally.changes.T
    np.add.at(counts, (before, after), count)
    return ChangeMatrix(tally.looks, counts)
