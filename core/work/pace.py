"""Now and then: for what is worth telling, but not each time."""

from __future__ import annotations

from core.clock import Clock


class Pace:
    """Due at once, and then at most once in `every_s`."""

    def __init__(self, every_s: float, clock: Clock) -> None:
        self._every_s, self._clock = every_s, clock
        self._last_s: float | None = None

    def is_due(self) -> bool:
        """Whether enough time has passed; if so, it counts from now."""
        now_s = self._clock.monotonic_s()
        if self._last_s is not None and now_s - self._last_s < self._every_s:
            return False
        self._last_s = now_s
        return True
