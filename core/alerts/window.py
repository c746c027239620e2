"""The last scores of one person under one rule."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from statistics import median_low

from core.alerts.change import ScorePoint
from core.alerts.episode import SLACK_S

TRAIL_S = 120.0
"""How much of the past a change carries with it."""


class ScoreWindow:
    """Scores of seconds in which the person was readable.

    Args:
        reach_s: how far back is asked.
    """

    def __init__(self, reach_s: float) -> None:
        self.reach_s = reach_s
        self._points: deque[tuple[float, int, float]] = deque()

    @property
    def last_s(self) -> float | None:
        """When the person was last seen."""
        return self._points[-1][0] if self._points else None

    def add(self, at_s: float, readings: int, score: float) -> None:
        self._points.append((at_s, readings, score))
        # the newest always stays, whatever the reach
        while self._points[0][0] <= at_s - self.reach_s - 1.0:
            self._points.popleft()

    def median(self, last_s: float) -> float:
        """Of the seconds that ended in the last `last_s` until the newest.

        The lower of two middle ones: then it reaches a line only if most of the seconds do, and
        one high second beside one low second is not enough.
        """
        return median_low([score for _, _, score in self._last(last_s)])

    def readings(self, last_s: float) -> int:
        """How many went into these seconds."""
        return sum(readings for _, readings, _ in self._last(last_s))

    def seen_s(self, last_s: float) -> float:
        """How many of these seconds there are: each stands for one second."""
        return float(len(self._last(last_s)))

    def _last(self, last_s: float) -> list[tuple[float, int, float]]:
        after_s = self._points[-1][0] - last_s + SLACK_S
        found = []
        for point in reversed(self._points):
            if point[0] <= after_s:
                break
            found.append(point)
        return found


class Trail:
    """What was compared with the lines, second by second, for the last two minutes."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, datetime, float]] = deque()

    def add(self, at_s: float, at_utc: datetime, score: float) -> None:
        self._points.append((at_s, at_utc, score))
        while self._points[0][0] < at_s - TRAIL_S:
            self._points.popleft()

    def points(self) -> tuple[ScorePoint, ...]:
        """Oldest first."""
        return tuple(ScorePoint(*point) for point in self._points)

    def score(self, now_s: float, within_s: float) -> float | None:
        """The newest, if it is not older."""
        if self._points and now_s - self._points[-1][0] < within_s:
            return self._points[-1][2]
        return None
