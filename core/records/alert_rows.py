"""Rows of alerts: read into what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, select

from core.alerts.alert import Alert, Answer, NewAlert, WhyItFired
from core.alerts.change import Ending, ScorePoint
from core.alerts.rule import Severity, Signal
from core.records.tables import alert, alert_picture


def alerts_query() -> Select[Any]:
    """All alerts, with whether each has its picture still."""
    picture = exists().where(alert_picture.c.alert_id == alert.c.id)
    return select(alert, picture.label("has_picture"))


def alert_from(row: Row[Any]) -> Alert:
    """From a row of `alerts_query`."""
    return Alert(
        number=row.number,
        id=row.id,
        camera_id=row.camera_id,
        camera_name=row.camera_name,
        person=row.person,
        rule_key=row.rule_key,
        title=row.title,
        signal=Signal(row.signal),
        severity=Severity(row.severity),
        fired_utc=row.fired_utc,
        score=row.score,
        why=_why_from(row.why),
        held=row.held,
        has_picture=bool(row.has_picture),
        over_utc=row.over_utc,
        ending=Ending(row.ending) if row.ending is not None else None,
        answer=Answer(row.answer) if row.answer is not None else None,
        answered_by=row.answered_by,
        answered_utc=row.answered_utc,
    )


def values_of(new: NewAlert, server: str) -> dict[str, Any]:
    """The columns of an alert that begins."""
    return {
        "id": new.id,
        "server": server,
        "camera_id": new.camera_id,
        "camera_name": new.camera_name,
        "person": new.person,
        "rule_key": new.rule_key,
        "title": new.title,
        "signal": new.signal,
        "severity": new.severity,
        "fired_utc": new.fired_utc,
        "score": new.score,
        "why": _why_to(new.why),
        "held": new.held,
    }


def _why_to(why: WhyItFired) -> dict[str, Any]:
    began = why.dwell_began_utc
    return {
        "sentence": why.sentence,
        "trail": [[point.at_s, point.at_utc.isoformat(), point.score] for point in why.trail],
        "enter": why.enter,
        "exit": why.exit,
        "dwell_began": began.isoformat() if began is not None else None,
    }


def _why_from(kept: dict[str, Any]) -> WhyItFired:
    began = kept["dwell_began"]
    return WhyItFired(
        sentence=kept["sentence"],
        trail=tuple(
            ScorePoint(at_s, datetime.fromisoformat(at), score) for at_s, at, score in kept["trail"]
        ),
        enter=kept["enter"],
        exit=kept["exit"],
        dwell_began_utc=datetime.fromisoformat(began) if began is not None else None,
    )
