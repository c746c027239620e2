"""Time, through a port that tests can control."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the program gets its time from."""

    def now_utc(self) -> datetime:
        """Aware UTC, for records."""

    def monotonic_s(self) -> float:
        """Seconds that never go back, for durations."""


class SystemClock:
    """The machine's own clocks."""

    def now_utc(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()
