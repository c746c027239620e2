"""The outbox: what is to be told, leased by one server at a time, never forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select, update

from core.clock import Clock
from core.records.database import Database
from core.records.delivery import Attempt, Delivery, Kind, State
from core.records.delivery_rows import (
    add_delivery,
    attempt_from,
    delivery_from,
    note,
    settle,
)
from core.records.failures import ClashError
from core.records.leases import CLOCK_WENT_BACK
from core.records.leasing import due, expire, take_back, wait
from core.records.recipient import ChannelKind, Recipient
from core.records.recipients import recipient_from
from core.records.reminders import add_reminders
from core.records.tables import attempt, delivery, recipient

Told = tuple[Delivery, Recipient, tuple[Attempt, ...]]
"""A delivery, to whom, and its trail."""

_NOT_ENDED = delivery.c.state.in_((State.WAITING, State.SENDING))


class Outbox:
    """Deliveries of a database. Each method is one transaction; RecordsError where it fails."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def lease(
        self,
        owner: str,
        limit: int,
        lease_s: float,
        channels: Collection[ChannelKind] | None = None,
    ) -> tuple[Delivery, ...]:
        """What is due, urgent first, then oldest; nobody else gets it for `lease_s`.

        Leases that ran out are sorted out before: an alert or reminder comes back, marked as a
        possible repeat; an update comes back; anything else stays uncertain. What is past its
        deadline has expired. An update waits until its alert's own message is out.

        Args:
            owner: the server.
            limit: at most so many.
            lease_s: much longer than any attempt may take.
            channels: only these; None for all.
        """
        now_utc = self._clock.now_utc()
        with self._database.write() as connection:
            take_back(connection, now_utc)
            expire(connection, now_utc)
            ids = connection.scalars(due(now_utc, channels, limit)).all()
            leased = (
                update(delivery)
                .where(delivery.c.id.in_(ids))
                .values(
                    state=State.SENDING,
                    changed_utc=now_utc,
                    lease_owner=owner,
                    leased_until_utc=now_utc + timedelta(seconds=lease_s),
                )
                .returning(delivery)
            )
            rows = connection.execute(leased).all() if ids else []
        return tuple(delivery_from(row) for row in sorted(rows, key=lambda row: ids.index(row.id)))

    def finish(
        self, delivery_id: int, state: State, sentence: str, message_ref: str | None = None
    ) -> None:
        """Its end. What ended before stays, but for the news that it was sent after all."""
        if not state.is_final:
            raise ValueError(f"{state} is no end.")
        with self._database.write() as connection:
            settle(
                connection,
                delivery_id,
                state,
                sentence,
                self._clock.now_utc(),
                tried=1,
                message_ref=message_ref,
            )

    def again(
        self,
        delivery_id: int,
        not_before_utc: datetime,
        sentence: str,
        counts: bool = True,
        maybe_repeat: bool = False,
    ) -> None:
        """To be tried again. A mark as a possible repeat stays once it is set."""
        now_utc = self._clock.now_utc()
        marked = {"maybe_repeat": True} if maybe_repeat else {}
        with self._database.write() as connection:
            values = {
                "not_before_utc": not_before_utc,
                "attempts": delivery.c.attempts + int(counts),
                **marked,
            }
            if wait(connection, delivery.c.id == delivery_id, now_utc, values):
                note(connection, delivery_id, now_utc, State.WAITING, sentence)

    def release(self, delivery_id: int) -> None:
        """It was not tried: as before the lease."""
        with self._database.write() as connection:
            wait(connection, delivery.c.id == delivery_id, self._clock.now_utc(), {})

    def queue(
        self,
        recipient_id: int,
        kind: Kind,
        text: str = "",
        alert_id: str | None = None,
        not_before_utc: datetime | None = None,
        deadline_s: float = 3600.0,
        reminder: int = 0,
    ) -> Delivery:
        """One more thing to tell; due at once unless told."""
        now_utc = self._clock.now_utc()
        after_s = (not_before_utc - now_utc).total_seconds() if not_before_utc else 0.0
        with self._database.write() as connection:
            return add_delivery(
                connection,
                recipient_id,
                kind,
                now_utc,
                after_s=max(0.0, after_s),
                deadline_s=deadline_s,
                alert_id=alert_id,
                text=text,
                reminder=reminder,
            )

    def remind(self, every_s: float, reminders: int, deadline_s: float = 3600.0) -> int:
        """Add the reminders that are due; how many.

        One for each who was told of an unanswered alert, over or not, `every_s` after the last
        message, up to `reminders`. A chain that was interrupted for `deadline_s` stays broken, so
        that changed settings or a long pause bring up nothing old.
        """
        now_utc = self._clock.now_utc()
        try:
            with self._database.write() as connection:
                return add_reminders(connection, now_utc, every_s, reminders, deadline_s)
        except ClashError:  # another server was faster; what is left is added next time
            return 0

    def next_due_utc(self) -> datetime | None:
        """When `lease` may have something to do next, also in the past; None where nothing waits.

        At once where the machine's clock was set back: nothing waits for it to catch up.
        """
        row = delivery.c
        moment = case(
            (row.state == State.SENDING, row.leased_until_utc),
            (row.deadline_utc < row.not_before_utc, row.deadline_utc),
            else_=row.not_before_utc,
        )
        query = select(func.min(moment), func.max(row.changed_utc)).where(_NOT_ENDED)
        with self._database.read() as connection:
            due_utc, changed_utc = connection.execute(query).one()
        now_utc = self._clock.now_utc()
        went_back = changed_utc is not None and changed_utc > now_utc + CLOCK_WENT_BACK
        return now_utc if went_back else due_utc

    def waiting(self) -> int:
        """Rows that are not at their end."""
        query = select(func.count()).select_from(delivery).where(_NOT_ENDED)
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def one(self, delivery_id: int) -> Delivery | None:
        """By its id."""
        found = self._deliveries(delivery.c.id == delivery_id)
        return found[0] if found else None

    def refs(self, alert_id: str) -> tuple[Delivery, ...]:
        """Messages of an alert that can be edited."""
        return self._deliveries(
            (delivery.c.alert_id == alert_id) & delivery.c.message_ref.is_not(None)
        )

    def trail(self, alert_id: str) -> tuple[Told, ...]:
        """Of each delivery of an alert: to whom, and what happened."""
        return self._told(delivery.c.alert_id == alert_id)

    def failures(self, since_utc: datetime) -> tuple[Told, ...]:
        """What was refused, has expired or is uncertain since then."""
        failed = delivery.c.state.in_((State.REFUSED, State.EXPIRED, State.UNCERTAIN))
        return self._told(failed & (delivery.c.changed_utc >= since_utc))

    def _deliveries(self, which: ColumnElement[bool]) -> tuple[Delivery, ...]:
        query = select(delivery).where(which).order_by(delivery.c.id)
        with self._database.read() as connection:
            return tuple(map(delivery_from, connection.execute(query)))

    def _told(self, which: ColumnElement[bool]) -> tuple[Told, ...]:
        ids = select(delivery.c.id).where(which)
        to = select(recipient).where(
            recipient.c.id.in_(select(delivery.c.recipient_id).where(which))
        )
        lines = select(attempt).where(attempt.c.delivery_id.in_(ids)).order_by(attempt.c.id)
        rows = select(delivery).where(which).order_by(delivery.c.id)
        with self._database.read() as connection:
            deliveries = [delivery_from(row) for row in connection.execute(rows)]
            recipients = {row.id: recipient_from(row) for row in connection.execute(to)}
            attempts = [attempt_from(row) for row in connection.execute(lines)]
        return tuple(
            (
                each,
                recipients[each.recipient_id],
                tuple(line for line in attempts if line.delivery_id == each.id),
            )
            for each in deliveries
        )
