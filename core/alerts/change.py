"""What an engine decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.alerts.rule import AlertRule, CountRule, WatchRule


class ChangeKind(StrEnum):
    FIRED = "fired"
    OVER = "over"


class Ending(StrEnum):
    """Why an episode is over."""

    CLEARED = "cleared"
    """The score stayed below the lower line, or the camera's condition is good again."""
    STOPPED = "stopped"
    """The watch was ended on purpose, or the server ended."""
    HIDDEN = "hidden"
    """A graver condition of the camera took its place."""
    UNSEEN = "unseen"
    """The person was not seen for so long that nobody can tell whether it is over."""
    RENEWED = "renewed"
    """It outlasted a snooze: it goes on under the alert that fires in the same moment."""


@dataclass(frozen=True)
class ScorePoint:
    """One second of the trail that led to a change: `at_s` on the engine's clock."""

    at_s: float
    at_utc: datetime
    score: float


@dataclass(frozen=True)
class Change:
    """An episode opened or ended.

    Attributes:
        kind: which of the two.
        rule: under which it happened.
        person: track id; None where the camera itself is meant. An episode ends under the id
            under which it fired, even if the person has another one by then.
        at_s, at_utc: of the second that decided.
        score: what was compared with the lines in that second, 0 to 1: the median, or the share of
            negatives; 1.0 for conditions of the camera.
        trail: up to two minutes of scores before, oldest first; empty for the camera itself.
        dwell_began_utc: when the score reached enter (FIRED only).
        ending: why (OVER only).
    """

    kind: ChangeKind
    rule: AlertRule | CountRule | WatchRule
    person: int | None
    at_s: float
    at_utc: datetime
    score: float
    trail: tuple[ScorePoint, ...] = ()
    dwell_began_utc: datetime | None = None
    ending: Ending | None = None
