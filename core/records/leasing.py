"""Which rows of the outbox may be tried now, within the leasing transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, or_, select, update

from core.records.delivery import Kind, State
from core.records.delivery_rows import note, settle
from core.records.leases import CLOCK_WENT_BACK
from core.records.recipient import ChannelKind
from core.records.tables import delivery, recipient

TELLS = (Kind.ALERT, Kind.REMINDER)
"""Kinds that are repeated rather than lost."""

_DIED = "The server stopped while it was sending; the message may have arrived."
_TOO_LATE = "It could not be sent before its deadline."


def take_back(connection: Connection, now_utc: datetime) -> None:
    """Rows whose lease ran out: their server died, or lost its database."""
    ran_out = or_(delivery.c.leased_until_utc <= now_utc, _clock_went_back(now_utc))
    query = (
        select(delivery.c.id, delivery.c.kind)
        .where(delivery.c.state == State.SENDING, ran_out)
        .order_by(delivery.c.id)
        .with_for_update(skip_locked=True)
    )
    for row in connection.execute(query).all():
        tells = row.kind in TELLS
        if not tells and row.kind != Kind.UPDATE:
            settle(connection, row.id, State.UNCERTAIN, _DIED, now_utc, tried=1)
            continue
        marked = {"maybe_repeat": True} if tells else {}
        counted = {"attempts": delivery.c.attempts + 1, "not_before_utc": now_utc}
        wait(connection, delivery.c.id == row.id, now_utc, counted | marked)
        note(connection, row.id, now_utc, State.WAITING, _DIED)


def expire(connection: Connection, now_utc: datetime) -> None:
    """Rows that nobody could send in time."""
    late = (
        select(delivery.c.id)
        .where(delivery.c.state == State.WAITING, delivery.c.deadline_utc <= now_utc)
        .order_by(delivery.c.id)
        .with_for_update(skip_locked=True)
    )
    for delivery_id in connection.scalars(late).all():
        settle(connection, delivery_id, State.EXPIRED, _TOO_LATE, now_utc)


def due(
    now_utc: datetime, channels: Collection[ChannelKind] | None, limit: int
) -> Select[tuple[int]]:
    """Ids of rows that may be leased, in the order in which they should be sent."""
    query = (
        select(delivery.c.id)
        .where(
            delivery.c.state == State.WAITING,
            or_(delivery.c.not_before_utc <= now_utc, _clock_went_back(now_utc)),
            or_(delivery.c.kind != Kind.UPDATE, ~_message_on_its_way()),
        )
        .order_by(delivery.c.rank, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if channels is None:
        return query
    reached = select(recipient.c.id).where(recipient.c.channel.in_(channels))
    return query.where(delivery.c.recipient_id.in_(reached))


def wait(
    connection: Connection,
    which: ColumnElement[bool],
    now_utc: datetime,
    values: Mapping[str, Any],
) -> bool:
    """From sending back to waiting; False where it is not being sent any more."""
    freed = {"state": State.WAITING, "lease_owner": None, "leased_until_utc": None}
    change = (
        update(delivery)
        .where(which, delivery.c.state == State.SENDING)
        .values({**freed, "changed_utc": now_utc, **values})
    )
    return connection.execute(change).rowcount > 0


def _clock_went_back(now_utc: datetime) -> ColumnElement[bool]:
    return delivery.c.changed_utc > now_utc + CLOCK_WENT_BACK


def _message_on_its_way() -> ColumnElement[bool]:
    """The message that an update would edit."""
    other = delivery.alias()
    return exists().where(
        other.c.alert_id == delivery.c.alert_id,
        other.c.recipient_id == delivery.c.recipient_id,
        other.c.kind.in_(TELLS),
        other.c.state.in_((State.WAITING, State.SENDING)),
    )
