"""Alerts made up for tests."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.alerts.alert import NewAlert, WhyItFired
from core.alerts.change import ScorePoint
from core.alerts.rule import Severity, Signal

FIRED_UTC = datetime(2026, 1, 1, tzinfo=UTC)

_PAIN = NewAlert(
    id="",
    camera_id="kitchen-1",
    camera_name="Kitchen",
    person=1,
    rule_key="pain-careful",
    title="Pain",
    signal=Signal.EXPRESSION,
    severity=Severity.HIGH,
    fired_utc=FIRED_UTC,
    score=0.71,
    why=WhyItFired(
        sentence="Pain stayed above 50% for 5 seconds.",
        trail=(ScorePoint(7.0, FIRED_UTC - timedelta(seconds=1), 0.6),),
        enter=0.5,
        exit=0.3,
        dwell_began_utc=FIRED_UTC - timedelta(seconds=5),
    ),
    picture_jpeg=b"\xff\xd8 a picture",
)


def new_alert(**changes: Any) -> NewAlert:
    """Pain of person 1 in the kitchen, with an id of its own; but for what is told."""
    return replace(_PAIN, **{"id": uuid.uuid4().hex, **changes})
