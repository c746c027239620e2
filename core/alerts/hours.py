"""Hours of the day: when people are up, and when nobody is to be woken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = "local"
"""Instead of a time zone's name: the one that this machine is set to."""


@dataclass(frozen=True)
class DailyHours:
    """From `start` to `end` of each day by the wall clock of a place, the end not included.

    An end at or before the start means the next day's; the same time twice means all day.
    When clocks change, each day still has one unbroken period: a time that comes twice counts when
    it comes first, and one that is skipped counts as much later as the clock was put forward
    (PEP 495's reading of such times).

    Attributes:
        start, end: by the wall clock.
        zone: for instance "Europe/Vienna", or `LOCAL`.
    """

    start: time
    end: time
    zone: str = LOCAL

    def covers(self, at_utc: datetime) -> bool:
        """Whether this moment lies within."""
        return any(start <= at_utc < end for start, end in self._periods(at_utc))

    def next_end_utc(self, at_utc: datetime) -> datetime:
        """When the period that lasts now ends, or else the next one."""
        return min(end for _, end in self._periods(at_utc) if end > at_utc)

    def _periods(self, at_utc: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The periods of the days around, in UTC."""
        zone = None if self.zone == LOCAL else ZoneInfo(self.zone)
        today = at_utc.astimezone(zone).date()
        ends_next_day = timedelta(days=int(self.end <= self.start))
        for day in (today + timedelta(days=shift) for shift in (-1, 0, 1)):
            yield (
                _moment_utc(day, self.start, zone),
                _moment_utc(day + ends_next_day, self.end, zone),
            )


def _moment_utc(day: date, wall: time, zone: ZoneInfo | None) -> datetime:
    # a naive moment is read by the machine's own zone
    return datetime.combine(day, wall, zone).astimezone(UTC)
