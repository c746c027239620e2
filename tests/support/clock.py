"""Time that tests control."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that stands still until it is told to advance."""

    def __init__(self, start_utc: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start_utc = start_utc
        self._elapsed_s = 0.0

    def now_utc(self) -> datetime:
        return self._start_utc + timedelta(seconds=self._elapsed_s)

    def monotonic_s(self) -> float:
        return self._elapsed_s

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("A monotonic clock cannot go back.")
        self._elapsed_s += seconds
