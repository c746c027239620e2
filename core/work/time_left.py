"""How long work will take yet: an estimate that a person can look at."""

from __future__ import annotations

import math

from core.clock import Clock

SAY_FROM_S = 3.0
"""Sooner, nobody can tell."""
LOOK_BACK = 0.5
"""The speed is that of this last share of the time so far: early scenes and files fade."""
CALM_S = 8.0
"""In so many seconds a new estimate replaces about two thirds of the old one."""
_MOST_POINTS = 400


class TimeLeft:
    """Fed with how far the work has come; tells when it will be done.

    What is smoothed is the moment of the end, not the time until then: at a constant speed the
    answer counts down second by second, and it never jumps.

    Args:
        clock: its monotonic seconds count; the work begins now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._points = [(clock.monotonic_s(), 0.0)]
        self._end_s: float | None = None

    def update(self, share: float | None) -> None:
        """How much is done, 0 to 1; None where nobody knows, which takes the answer back."""
        now_s = self._clock.monotonic_s()
        since_s = now_s - self._points[-1][0]
        estimate_s = None if share is None else self._estimate_s(now_s, share)
        if share == 1.0:
            self._end_s = now_s
        elif estimate_s is None or self._end_s is None:
            self._end_s = estimate_s
        else:
            self._end_s += (1 - math.exp(-since_s / CALM_S)) * (estimate_s - self._end_s)

    @property
    def left_s(self) -> float | None:
        """Seconds, 0 or more; None while nobody can tell."""
        return None if self._end_s is None else max(0.0, self._end_s - self._clock.monotonic_s())

    def _estimate_s(self, now_s: float, share: float) -> float | None:
        """The moment of the end at the speed of late."""
        self._points.append((now_s, share))
        if len(self._points) > _MOST_POINTS:
            del self._points[1::2]
        began_s = self._points[0][0]
        from_s = now_s - LOOK_BACK * (now_s - began_s)
        then_s, then_share = next(point for point in reversed(self._points) if point[0] <= from_s)
        if now_s - began_s < SAY_FROM_S or share <= then_share:
            return None
        return now_s + (1 - share) * (now_s - then_s) / (share - then_share)


def in_words(left_s: float | None) -> str:
    """“about 3 min left”, no more exact than it can be; "" for None."""
    if left_s is None:
        return ""
    if left_s < 10:
        return "a few seconds left"
    if left_s < 55:
        return f"about {5 * round(left_s / 5)} s left"
    minutes = max(1, round(left_s / 60))
    if minutes < 60:
        return f"about {minutes} min left"
    hours, minutes = divmod(5 * round(minutes / 5), 60)
    return f"about {hours} h {minutes} min left" if minutes else f"about {hours} h left"
