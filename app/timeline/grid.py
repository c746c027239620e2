"""Values of pieces of time laid out evenly: where nobody was read is a gap, and times cost nothing
to send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.timeline.time_axis import TimeAxis
from core.timeline.tally import Floats, Ints

Sent = npt.NDArray[np.float32]
"""What goes to the browser: half as long as Python's floats."""


@dataclass(frozen=True, eq=False)
class Grid:
    """All pieces from the first that has values to the last.

    Attributes:
        first_s: Unix time at which the first begins.
        width_s: of a piece.
        place: (n,) of each value.
    """

    first_s: int
    width_s: int
    place: Ints

    @property
    def count(self) -> int:
        return int(self.place.max(initial=-1)) + 1

    def x(self, axis: TimeAxis) -> dict[str, Any]:
        """Middles of the pieces, for plotly."""
        return {"x0": axis.at_s(self.first_s + self.width_s / 2), "dx": self.width_s * 1000}

    def spread(self, values: Floats) -> Sent:
        """(n,) values to (count,), NaN between them."""
        laid_out = np.full(self.count, np.nan, np.float32)
        laid_out[self.place] = np.round(values, 2)
        return laid_out


def grid_of(begin_s: Ints, width_s: int) -> Grid:
    """Of pieces that begin at these times, each at most once, in any order."""
    first_s = int(begin_s.min()) if len(begin_s) else 0
    return Grid(first_s, width_s, (begin_s - first_s) // width_s)


def alone(laid_out: Sent) -> npt.NDArray[np.bool_]:
    """(n,) True for values between two gaps, to which no line leads."""
    there: npt.NDArray[np.bool_] = np.pad(~np.isnan(laid_out), 1)
    return there[1:-1] & ~there[:-2] & ~there[2:]
