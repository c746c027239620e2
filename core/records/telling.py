"""Which deliveries an alert needs, within its transaction."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from core.alerts.alert import NewAlert
from core.alerts.rule import Severity
from core.records.delivery import Kind, State
from core.records.delivery_rows import NORMAL, REACHED, URGENT, add_delivery, settle
from core.records.tables import delivery, recipient

UPDATE_DEADLINE_S = 3600.0
"""After which an edit of an old message is given up."""


def tell(
    connection: Connection,
    new: NewAlert,
    now_utc: datetime,
    *,
    deadline_s: float,
    turn_after_s: float,
) -> None:
    """One delivery for each recipient who can be reached.

    Turns are counted over those, so that nobody waits for an empty one.

    Trap: due times count from the store's clock. `fired_utc` never goes back with the machine's
    clock, and may lie in its future.
    """
    rank = URGENT if new.severity is Severity.HIGH else NORMAL
    reachable = (
        select(recipient.c.id, recipient.c.turn)
        .where(recipient.c.removed_utc.is_(None), recipient.c.disabled_why.is_(None))
        .order_by(recipient.c.turn, recipient.c.id)
    )
    turns = groupby(connection.execute(reachable).all(), key=lambda row: row.turn)
    for turn, (_, rows) in enumerate(turns, start=1):
        for row in rows:
            add_delivery(
                connection,
                row.id,
                Kind.ALERT,
                now_utc,
                deadline_s=deadline_s,
                after_s=(turn - 1) * turn_after_s,
                alert_id=new.id,
                rank=rank,
                turn=turn,
                maybe_repeat=new.maybe_told,
            )


def update_messages(connection: Connection, alert_id: str, now_utc: datetime) -> None:
    """One update for each who was told; one that waits already will say the newest."""
    _hold_back(connection, alert_id)
    of_alert = delivery.c.alert_id == alert_id
    told = select(delivery.c.recipient_id).where(
        of_alert,
        delivery.c.kind.in_((Kind.ALERT, Kind.REMINDER)),
        delivery.c.state.in_(REACHED),
    )
    waiting = select(delivery.c.recipient_id).where(
        of_alert, delivery.c.kind == Kind.UPDATE, delivery.c.state == State.WAITING
    )
    query = (
        select(recipient.c.id)
        .where(recipient.c.id.in_(told), recipient.c.id.not_in(waiting))
        .where(recipient.c.removed_utc.is_(None), recipient.c.disabled_why.is_(None))
        .order_by(recipient.c.id)
    )
    for recipient_id in connection.scalars(query).all():
        add_delivery(
            connection,
            recipient_id,
            Kind.UPDATE,
            now_utc,
            deadline_s=UPDATE_DEADLINE_S,
            alert_id=alert_id,
        )


def cancel_what_follows(connection: Connection, alert_id: str, now_utc: datetime) -> None:
    """Somebody has answered: no reminders, and no later turns."""
    _hold_back(connection, alert_id)
    follows = (delivery.c.kind == Kind.REMINDER) | (
        (delivery.c.kind == Kind.ALERT) & (delivery.c.turn > 1)
    )
    waiting = select(delivery.c.id).where(
        delivery.c.alert_id == alert_id, delivery.c.state == State.WAITING, follows
    )
    for delivery_id in connection.scalars(waiting).all():
        settle(connection, delivery_id, State.CANCELLED, "Somebody has answered.", now_utc)


def _hold_back(connection: Connection, alert_id: str) -> None:
    """No server leases what waits until the transaction ends: it would read the alert as it was,
    and would not be seen here as one that has to be updated.
    """
    waiting = select(delivery.c.id).where(
        delivery.c.alert_id == alert_id, delivery.c.state == State.WAITING
    )
    connection.execute(waiting.order_by(delivery.c.id).with_for_update())
