"""Rows of the outbox within a transaction: made, read, ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.records.delivery import Attempt, Delivery, Kind, State
from core.records.tables import attempt, delivery

URGENT, NORMAL = 0, 1
"""Ranks: what is urgent is leased first."""
REACHED = (State.SENT, State.UNCERTAIN, State.SENDING)
"""States of a row whose message a person has, may have, or is about to have."""


def delivery_from(row: Row[Any]) -> Delivery:
    """From a row with the table's columns."""
    return Delivery(
        id=row.id,
        alert_id=row.alert_id,
        recipient_id=row.recipient_id,
        kind=Kind(row.kind),
        state=State(row.state),
        not_before_utc=row.not_before_utc,
        deadline_utc=row.deadline_utc,
        attempts=row.attempts,
        maybe_repeat=row.maybe_repeat,
        message_ref=row.message_ref,
        text=row.text,
        reminder=row.reminder,
        is_urgent=row.rank == URGENT,
    )


def attempt_from(row: Row[Any]) -> Attempt:
    """From a row with the table's columns."""
    return Attempt(row.delivery_id, row.at_utc, State(row.state), row.sentence)


def add_delivery(
    connection: Connection,
    recipient_id: int,
    kind: Kind,
    now_utc: datetime,
    *,
    deadline_s: float,
    after_s: float = 0.0,
    alert_id: str | None = None,
    rank: int = NORMAL,
    turn: int = 1,
    text: str = "",
    reminder: int = 0,
    maybe_repeat: bool = False,
) -> Delivery:
    """One waiting row, due in `after_s`, given up `deadline_s` later."""
    due_utc = now_utc + timedelta(seconds=after_s)
    values = {
        "alert_id": alert_id,
        "recipient_id": recipient_id,
        "kind": kind,
        "state": State.WAITING,
        "rank": rank,
        "turn": turn,
        "reminder": reminder,
        "not_before_utc": due_utc,
        "deadline_utc": due_utc + timedelta(seconds=deadline_s),
        "attempts": 0,
        "maybe_repeat": maybe_repeat,
        "text": text,
        "changed_utc": now_utc,
    }
    return delivery_from(
        connection.execute(insert(delivery).values(values).returning(delivery)).one()
    )


def note(
    connection: Connection, delivery_id: int, now_utc: datetime, state: State, sentence: str
) -> None:
    """One line of the trail."""
    values = {"at_utc": now_utc, "state": state, "sentence": sentence}
    connection.execute(insert(attempt).values(delivery_id=delivery_id, **values))


def settle(
    connection: Connection,
    delivery_id: int,
    state: State,
    sentence: str,
    now_utc: datetime,
    *,
    tried: int = 0,
    message_ref: str | None = None,
) -> None:
    """The row's end. A row that ended stays as it is, but for the news that it was sent after all.

    `state` is a final one; `tried` attempts are counted. When nobody of a turn can be reached, the
    next turn is told at once.
    """
    may_change = [State.WAITING, State.SENDING]
    if state is State.SENT:
        may_change += [State.UNCERTAIN, State.EXPIRED, State.REFUSED]
    values: dict[str, Any] = {
        "state": state,
        "changed_utc": now_utc,
        "attempts": delivery.c.attempts + tried,
        "lease_owner": None,
        "leased_until_utc": None,
    }
    if message_ref is not None:
        values["message_ref"] = message_ref
    change = (
        update(delivery)
        .where(delivery.c.id == delivery_id, delivery.c.state.in_(may_change))
        .values(values)
        .returning(delivery.c.alert_id, delivery.c.kind, delivery.c.turn)
    )
    row = connection.execute(change).one_or_none()
    if row is None:
        return
    note(connection, delivery_id, now_utc, state, sentence)
    if row.kind == Kind.ALERT and state not in REACHED:
        _tell_next_turn(connection, row.alert_id, row.turn, now_utc)


def _tell_next_turn(connection: Connection, alert_id: str, turn: int, now_utc: datetime) -> None:
    of_alert = (delivery.c.alert_id == alert_id) & (delivery.c.kind == Kind.ALERT)
    states = connection.execute(select(delivery.c.state, delivery.c.turn).where(of_alert)).all()
    waiting = [row.turn for row in states if row.state == State.WAITING]
    if any(row.state in REACHED for row in states) or not waiting or min(waiting) <= turn:
        return
    connection.execute(
        update(delivery)
        .where(of_alert, delivery.c.state == State.WAITING, delivery.c.turn == min(waiting))
        .values(not_before_utc=now_utc, changed_utc=now_utc)
    )
