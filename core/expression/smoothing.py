"""Calm over time: one person's readings averaged, and a label that does not flicker."""

from __future__ import annotations

import math

from core.expression.reading import Reading

TIME_CONSTANT_S = 0.7
"""Short enough that a smile shows within a second, long enough to hide single-frame spikes."""

SWITCH_LEAD = 0.08
"""How far another label must lead before it replaces the one that is shown."""

SURE_BAND = 0.05
"""A shown label stays until confidence falls this far below the limit."""


class ReadingSmoother:
    """Exponential average of one person's probabilities, by time and not by count of frames."""

    def __init__(self, time_constant_s: float = TIME_CONSTANT_S) -> None:
        self._time_constant_s = time_constant_s
        self._average: Reading | None = None
        self._updated_s = 0.0

    def update(self, reading: Reading, now_s: float) -> Reading:
        """The average after one more reading; a new label set starts anew."""
        before = self._average
        if before is None or before.labels != reading.labels:
            self._average = reading
        else:
            elapsed_s = max(0.0, now_s - self._updated_s)
            self._average = _mixed(
                before, reading, 1 - math.exp(-elapsed_s / self._time_constant_s)
            )
        self._updated_s = now_s
        return self._average


class SteadyLabel:
    """The label to show for one person: held until another one clearly leads."""

    def __init__(self) -> None:
        self._shown: str | None = None

    def update(self, reading: Reading, sure_from: float) -> str | None:
        """The label to show now; None means "not sure"."""
        shown = self._shown
        if shown is not None and not self._still_holds(reading, shown, sure_from):
            shown = None
        if shown is None and reading.is_sure(sure_from):
            shown = reading.top
        self._shown = shown
        return shown

    @staticmethod
    def _still_holds(reading: Reading, shown: str, sure_from: float) -> bool:
        probability = reading.probability(shown)
        led_by = reading.confidence - probability
        return probability >= sure_from - SURE_BAND and led_by < SWITCH_LEAD


def _mixed(before: Reading, now: Reading, share: float) -> Reading:
    pairs = zip(before.probabilities, now.probabilities, strict=True)
    return Reading(now.labels, tuple(old + share * (new - old) for old, new in pairs))
