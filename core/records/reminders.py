"""Reminders of what nobody has answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, or_, select

from core.alerts.rule import Severity
from core.records.delivery import Kind, State
from core.records.delivery_rows import NORMAL, URGENT, add_delivery
from core.records.leases import CLOCK_WENT_BACK
from core.records.leasing import TELLS
from core.records.tables import alert, delivery, recipient


def add_reminders(
    connection: Connection,
    now_utc: datetime,
    every_s: float,
    reminders: int,
    deadline_s: float,
) -> int:
    """As `Outbox.remind`, within its transaction."""
    last_utc = func.max(delivery.c.changed_utc)
    under_way = func.sum(case((delivery.c.state.in_((State.WAITING, State.SENDING)), 1), else_=0))
    arrived = func.sum(case((delivery.c.state.in_((State.SENT, State.UNCERTAIN)), 1), else_=0))
    query = (
        select(
            delivery.c.alert_id,
            delivery.c.recipient_id,
            alert.c.severity,
            func.max(delivery.c.reminder).label("said"),
        )
        .join(alert, alert.c.id == delivery.c.alert_id)
        .join(recipient, recipient.c.id == delivery.c.recipient_id)
        .where(alert.c.answer.is_(None), delivery.c.kind.in_(TELLS))
        .where(recipient.c.removed_utc.is_(None), recipient.c.disabled_why.is_(None))
        .group_by(delivery.c.alert_id, delivery.c.recipient_id, alert.c.severity)
        .having(under_way == 0, arrived > 0, func.max(delivery.c.reminder) < reminders)
        .having(last_utc > now_utc - timedelta(seconds=deadline_s))
        .having(
            or_(
                last_utc <= now_utc - timedelta(seconds=every_s),
                last_utc > now_utc + CLOCK_WENT_BACK,
            )
        )
        .order_by(delivery.c.alert_id, delivery.c.recipient_id)
    )
    added = 0
    for row in connection.execute(query).all():
        if _still_unanswered(connection, row.alert_id):
            add_delivery(
                connection,
                row.recipient_id,
                Kind.REMINDER,
                now_utc,
                deadline_s=deadline_s,
                alert_id=row.alert_id,
                rank=URGENT if row.severity == Severity.HIGH else NORMAL,
                reminder=row.said + 1,
            )
            added += 1
    return added


def _still_unanswered(connection: Connection, alert_id: str) -> bool:
    """An answer that comes now waits for this transaction, and cancels what it added."""
    query = select(alert.c.answer).where(alert.c.id == alert_id).with_for_update()
    return connection.scalar(query) is None
