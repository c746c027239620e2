"""An episode as it is kept: what fired, for whom, what carers said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.alerts.change import Ending, ScorePoint
from core.alerts.rule import Severity, Signal

DASHBOARD = "the dashboard"
"""Who answered, where a button of a page was pressed."""


class Answer(StrEnum):
    """What a carer may say; the first answer of an episode counts, repeats change nothing."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    FALSE_ALARM = "false alarm"


@dataclass(frozen=True)
class WhyItFired:
    """What the chart of an episode shows; also kept for rules that have changed since.

    Attributes:
        trail: scores per second before it fired.
        enter, exit: the two lines; None for conditions of the camera.
        dwell_began_utc: when the score reached enter, or the camera's condition began.
        sentence: for people: "Pain stayed above 50% for 5 seconds."
    """

    sentence: str
    trail: tuple[ScorePoint, ...] = ()
    enter: float | None = None
    exit: float | None = None
    dwell_began_utc: datetime | None = None


@dataclass(frozen=True)
class NewAlert:
    """What a watch hands over to be recorded and delivered.

    Attributes:
        id: a UUID in hex, made by the watch, so that handing it over twice records it once.
        camera_id: of the camera's connection; camera_name: for people.
        person: track id; None where the camera itself is meant.
        rule_key, title, signal, severity: of the rule.
        fired_utc: when the rule decided.
        score: 0 to 1.
        why: for the page.
        picture_jpeg: the frame with the face boxed; None where there is none.
        held: a medium alert of the quiet hours, to be told in the morning's digest.
        maybe_told: a server that has ended since sent it before it could be recorded.
    """

    id: str
    camera_id: str
    camera_name: str
    person: int | None
    rule_key: str
    title: str
    signal: Signal
    severity: Severity
    fired_utc: datetime
    score: float
    why: WhyItFired
    picture_jpeg: bytes | None = None
    held: bool = False
    maybe_told: bool = False


@dataclass(frozen=True)
class Alert:
    """One recorded episode.

    Attributes:
        number: what people call it ("Alert 17"); counts up over the whole database.
        over_utc, ending: None while it is open.
        answer, answered_by, answered_utc: None until the first answer. `answered_by` is a
            recipient's name, or `DASHBOARD`.
        has_picture: until it expires.
    """

    number: int
    id: str
    camera_id: str
    camera_name: str
    person: int | None
    rule_key: str
    title: str
    signal: Signal
    severity: Severity
    fired_utc: datetime
    score: float
    why: WhyItFired
    held: bool
    has_picture: bool
    over_utc: datetime | None = None
    ending: Ending | None = None
    answer: Answer | None = None
    answered_by: str | None = None
    answered_utc: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.over_utc is None
