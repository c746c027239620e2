"""How long people looked how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.timeline.tally import Floats, Ints, Tally


@dataclass(frozen=True, eq=False)
class Distribution:
    """Of all rows of a tally together.

    Attributes:
        looks: k labels and "not sure".
        seconds: (k + 1,) in which each was the likeliest; every person's seconds count.
    """

    looks: tuple[str, ...]
    seconds: Ints

    @property
    def total_s(self) -> int:
        return int(self.seconds.sum())

    @property
    def share(self) -> Floats:
        """(k + 1,) adding up to 1; zeros where nobody was read."""
        return self.seconds / max(1, self.total_s)


def distribution(tally: Tally) -> Distribution:
    """Of everybody at any time in it."""
    return Distribution(tally.looks, np.asarray(tally.top.sum(axis=0), np.int64))
