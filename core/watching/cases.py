"""Alerts in memory, until they are in the database."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from core.alerts.alert import NewAlert
from core.alerts.change import Ending
from core.watching.spool import Left

LOGGER = logging.getLogger(__name__)

MOST_PICTURES = 100
MOST_CASES = 10_000
"""About 20 MB: weeks of alerts of a household whose disk is full."""


@dataclass
class Case:
    """What one alert still waits for.

    Attributes:
        new: that it fired; None once that is recorded.
        over: when and why it ended; None before, and once that is recorded.
        retry_s: the wait before the next try; 0 while none has failed.
        next_try_s, next_emergency_s: when it is recorded, or sent past the database.
        was_sent: past the database.
        is_busy: being recorded or sent, never both at once.
    """

    new: NewAlert | None = None
    over: tuple[datetime, Ending] | None = None
    retry_s: float = 0.0
    next_try_s: float = 0.0
    next_emergency_s: float = 0.0
    was_sent: bool = False
    is_busy: bool = False

    @property
    def is_told(self) -> bool:
        """Whether it may be left: told already, or nothing to tell."""
        return self.new is None or (self.was_sent and not self.is_busy)

    def left(self, alert_id: str) -> Left:
        """What the next server has to know."""
        new = self.new
        if new is not None and self.was_sent:
            new = replace(new, maybe_told=True)
        return Left(alert_id, new, self.over)


def keep_bounds(cases: OrderedDict[str, Case]) -> None:
    """Pictures go before alerts, the oldest first."""
    with_picture = [case for case in cases.values() if case.new and case.new.picture_jpeg]
    for case in with_picture[: max(0, len(with_picture) - MOST_PICTURES)]:
        if case.new is not None:
            case.new = replace(case.new, picture_jpeg=None)
    while len(cases) > MOST_CASES:
        LOGGER.error("Too many alerts wait for the database: the oldest is let go")
        cases.popitem(last=False)
