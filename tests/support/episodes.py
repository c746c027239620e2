"""Episodes as the rules would have made them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

from core.alerts.alert import Alert, NewAlert, WhyItFired
from core.alerts.change import ScorePoint
from core.alerts.rule import Severity, Signal

FIRED_UTC = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)


def why_pain(fired_utc: datetime = FIRED_UTC, calm_s: int = 40, dwell_s: int = 5) -> WhyItFired:
    """A score that is low, then stays above the upper line."""
    trail = tuple(
        ScorePoint(
            float(second),
            fired_utc + timedelta(seconds=second),
            0.08 + 0.02 * (second % 4) if second < -dwell_s else 0.72 + 0.02 * (second % 5),
        )
        for second in range(-calm_s, 1)
    )
    began_utc = fired_utc - timedelta(seconds=dwell_s)
    return WhyItFired("Pain stayed at 50% or above for 5 seconds.", trail, 0.5, 0.3, began_utc)


def new_alert(number: int = 1, fired_utc: datetime = FIRED_UTC, **changes: object) -> NewAlert:
    """Pain of person 1 before the kitchen's camera; `number` makes its id."""
    alert = NewAlert(
        id=f"{number:032x}",
        camera_id=f"kitchen-{number}",
        camera_name="Kitchen",
        person=1,
        rule_key="pain",
        title="Pain",
        signal=Signal.EXPRESSION,
        severity=Severity.HIGH,
        fired_utc=fired_utc,
        score=0.8,
        why=why_pain(fired_utc),
    )
    return replace(alert, **changes)  # type: ignore[arg-type]


def alert(number: int = 1, **changes: object) -> Alert:
    """The same as recorded: open, nobody has answered."""
    kept = {field.name for field in fields(Alert)}
    told = {name: value for name, value in vars(new_alert(number)).items() if name in kept}
    return replace(Alert(number=number, has_picture=False, **told), **changes)  # type: ignore[arg-type]
