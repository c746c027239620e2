"""Episodes as files to take away: without addresses, without pictures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from core.alerts.alert import Alert
from core.records.delivery import Attempt, Delivery
from core.records.recipient import Recipient
from core.tables.cells import harmless_cell

Trail = Sequence[tuple[Delivery, Recipient, Sequence[Attempt]]]
"""Of one episode: each delivery, to whom, and what happened to it."""


def episodes_csv(alerts: Iterable[Alert]) -> str:
    """One row per episode; times in UTC, lines end as RFC 4180 says."""
    rows = [_plain(alert) for alert in alerts]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def episodes_json(alerts: Iterable[tuple[Alert, Trail]]) -> str:
    """A list of episodes with their scores, lines and deliveries."""
    return json.dumps([episode(*each) for each in alerts], indent=2, ensure_ascii=False)


def episode(alert: Alert, trail: Trail) -> dict[str, object]:
    """One with its scores, lines and deliveries, for JSON."""
    return (
        _plain(alert)
        | {"lines": {"upper": alert.why.enter, "lower": alert.why.exit}}
        | {"dwell_began_utc": _iso(alert.why.dwell_began_utc)}
        | {"trail": [[_iso(p.at_utc), round(p.score, 4)] for p in alert.why.trail]}
        | {"deliveries": [_delivery(*step) for step in trail]}
    )


COLUMNS = (
    "number",
    "fired_utc",
    "over_utc",
    "ending",
    "title",
    "signal",
    "severity",
    "camera",
    "person",
    "score",
    "why",
    "held",
    "answer",
    "answered_by",
    "answered_utc",
)


def _plain(alert: Alert) -> dict[str, object]:
    return {
        "number": alert.number,
        "fired_utc": _iso(alert.fired_utc),
        "over_utc": _iso(alert.over_utc),
        "ending": alert.ending,
        "title": alert.title,
        "signal": alert.signal,
        "severity": alert.severity,
        "camera": alert.camera_name,
        "person": alert.person,
        "score": round(alert.score, 4),
        "why": alert.why.sentence,
        "held": alert.held,
        "answer": alert.answer,
        "answered_by": alert.answered_by,
        "answered_utc": _iso(alert.answered_utc),
    }


def _delivery(
    delivery: Delivery, recipient: Recipient, attempts: Sequence[Attempt]
) -> dict[str, object]:
    return {
        "to": recipient.name,
        "channel": recipient.channel,
        "kind": delivery.kind,
        "reminder": delivery.reminder,
        "state": delivery.state,
        "attempts": [
            {"at_utc": _iso(attempt.at_utc), "state": attempt.state, "what": attempt.sentence}
            for attempt in attempts
        ],
    }


def _iso(at_utc: datetime | None) -> str | None:
    return None if at_utc is None else at_utc.isoformat(timespec="milliseconds")


def _cell(value: object) -> object:
    return harmless_cell(value) if isinstance(value, str) else value
