"""How wide the pieces are in which a span is shown."""

from __future__ import annotations

import math

from core.timeline.span import Span
from core.timeline.tally import HOUR_S, MINUTE_S, SECOND_S

MOST_PIECES = 1500
"""Of a chart: about as many as a screen has columns."""

_DAY_S = 86400
_WIDTHS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10800, 21600, 43200, _DAY_S),
)
_LEAST_S = ((10 * _DAY_S, HOUR_S), (3 * HOUR_S, MINUTE_S), (0, SECOND_S))
"""From such a length on, pieces are at least so wide, so that few rows are read."""


def width_for(span: Span, most: int = MOST_PIECES) -> int:
    """The narrowest that gives at most `most` pieces."""
    least_s = next(width_s for length_s, width_s in _LEAST_S if span.length_s >= length_s)
    fits = (
        width_s for width_s in _WIDTHS_S if width_s >= least_s and span.length_s <= width_s * most
    )
    return next(fits, _DAY_S * math.ceil(span.length_s / _DAY_S / most))
