"""Which alerts a page asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, or_

from core.alerts.alert import Answer
from core.alerts.rule import Severity
from core.records.tables import alert


class AlertState(StrEnum):
    """Whether it still goes on."""

    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are asked for; what is None or empty lets all through.

    Attributes:
        since_utc, until_utc: of firing, the end not included.
        answers: None among them stands for those without an answer.
        camera_id: of the watch over a camera.
        text: part of the title, the camera's name or who answered; or the number.
    """

    since_utc: datetime | None = None
    until_utc: datetime | None = None
    states: Collection[AlertState] = ()
    severities: Collection[Severity] = ()
    rule_keys: Collection[str] = ()
    answers: Collection[Answer | None] = ()
    text: str = ""
    camera_id: str = ""


def conditions(which: AlertFilter) -> list[ColumnElement[bool]]:
    """All of which hold for the alerts asked for."""
    return [
        *([alert.c.fired_utc >= which.since_utc] if which.since_utc else []),
        *([alert.c.fired_utc < which.until_utc] if which.until_utc else []),
        *([_any_state(which.states)] if which.states else []),
        *([alert.c.severity.in_(which.severities)] if which.severities else []),
        *([alert.c.rule_key.in_(which.rule_keys)] if which.rule_keys else []),
        *([_any_answer(which.answers)] if which.answers else []),
        *([alert.c.camera_id == which.camera_id] if which.camera_id else []),
        *([_mentions(which.text.strip())] if which.text.strip() else []),
    ]


def _any_state(states: Collection[AlertState]) -> ColumnElement[bool]:
    return or_(
        *(
            alert.c.over_utc.is_(None)
            if state is AlertState.OPEN
            else alert.c.over_utc.is_not(None)
            for state in states
        )
    )


def _any_answer(answers: Collection[Answer | None]) -> ColumnElement[bool]:
    given = [answer for answer in answers if answer is not None]
    none = [alert.c.answer.is_(None)] if None in answers else []
    return or_(alert.c.answer.in_(given), *none)


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (alert.c.title, alert.c.camera_name, alert.c.answered_by)
    mentioned = [column.icontains(text, autoescape=True) for column in columns]
    number = text.removeprefix("#")
    # more digits than a number has would not fit the column
    is_number = number.isascii() and number.isdigit() and len(number) < 18
    return or_(*mentioned, *([alert.c.number == int(number)] if is_number else []))
