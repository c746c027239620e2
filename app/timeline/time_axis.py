"""The axis of time: the reader's clock, or time since a video began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from core.timeline.span import Span
from core.timeline.tally import HOUR_S, MINUTE_S

_DAY_S = 86400
_ZERO = datetime(2000, 1, 1)
"""Where elapsed time begins; its day is not shown."""

_TICKS = [
    {"dtickrange": [None, MINUTE_S * 1000], "value": "%H:%M:%S\n%a %-d %b"},
    {"dtickrange": [MINUTE_S * 1000, _DAY_S * 1000], "value": "%H:%M\n%a %-d %b"},
    {"dtickrange": [_DAY_S * 1000, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
]
_ELAPSED = ((_DAY_S, "day %-d, %H:%M"), (HOUR_S, "%-H:%M:%S"), (0, "%-M:%S"))


@dataclass(frozen=True)
class TimeAxis:
    """How far a moment in UTC lies from where it is drawn.

    The distance is one for the whole axis, although the clocks may change within it: pieces stay
    equally wide, no hour is drawn twice, and what is chosen on the axis means one moment.

    Attributes:
        span: that is shown.
        shift: what plotly is told is UTC plus this.
        elapsed: whether time since a beginning is shown instead of a clock.
        clocks_change: whether the reader's clock has two distances to UTC within the span.
    """

    span: Span
    shift: timedelta
    elapsed: bool = False
    clocks_change: bool = False

    def at(self, at_utc: datetime) -> datetime:
        """Naive, as plotly draws aware times in UTC."""
        return at_utc.astimezone(UTC).replace(tzinfo=None) + self.shift

    def at_s(self, unix_s: float) -> datetime:
        """Of Unix time."""
        return self.at(datetime.fromtimestamp(unix_s, UTC))

    def utc(self, x: str) -> datetime:
        """What Streamlit reports of a chart, such as “2026-01-01 12:30:07.0312”, as a moment."""
        return datetime.fromisoformat(x[:26]).replace(tzinfo=UTC) - self.shift

    def layout(self) -> dict[str, Any]:
        """For plotly's `xaxis`."""
        shown: dict[str, Any] = {
            "type": "date",
            "range": [self.at(self.span.since_utc), self.at(self.span.until_utc)],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickangle": 0,
        }
        if self.elapsed:
            form = next(form for from_s, form in _ELAPSED if self.span.length_s >= from_s)
            return {**shown, "tickformat": form, "hoverformat": form}
        return {**shown, "tickformatstops": _TICKS, "hoverformat": self._hover_format()}

    def _hover_format(self) -> str:
        if self.span.length_s <= 3 * HOUR_S:
            return "%H:%M:%S"
        if self.span.length_s <= 40 * _DAY_S:
            return "%a %-d %b, %H:%M"
        return "%-d %b %Y, %H:%M"


def clock_axis(span: Span, zone: tzinfo | None) -> TimeAxis:
    """The reader's clock at the end of the span; `zone` None is this machine's."""
    begin, end = (_shift(at_utc, zone) for at_utc in (span.since_utc, span.until_utc))
    return TimeAxis(span, end, clocks_change=begin != end)


def elapsed_axis(span: Span, began_utc: datetime) -> TimeAxis:
    """Time since the beginning of a video."""
    return TimeAxis(span, _ZERO - began_utc.astimezone(UTC).replace(tzinfo=None), elapsed=True)


def axis_of(span: Span, zone: tzinfo | None, elapsed_from_utc: datetime | None) -> TimeAxis:
    """Elapsed time where a beginning is given."""
    if elapsed_from_utc is not None:
        return elapsed_axis(span, elapsed_from_utc)
    return clock_axis(span, zone)


def picked_span(axis: TimeAxis, boxes: Sequence[Mapping[str, Any]]) -> Span | None:
    """The time over which somebody dragged.

    Args:
        axis: of the chart.
        boxes: of the selection that Streamlit reports, the newest last.
    """
    if not boxes or len(boxes[-1].get("x", ())) < 2:
        return None
    since_utc, until_utc = sorted(axis.utc(str(x)) for x in boxes[-1]["x"])
    since_utc = max(since_utc, axis.span.since_utc)
    until_utc = min(until_utc, axis.span.until_utc)
    return Span(since_utc, until_utc) if since_utc < until_utc else None


def _shift(at_utc: datetime, zone: tzinfo | None) -> timedelta:
    return at_utc.astimezone(zone).utcoffset() or timedelta()
