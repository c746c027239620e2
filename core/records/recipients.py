"""Everybody who is told, and who was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from core.clock import Clock
from core.errors import RecordsError
from core.records.database import Database
from core.records.delivery import State
from core.records.delivery_rows import settle
from core.records.failures import ClashError
from core.records.recipient import ChannelKind, Recipient
from core.records.tables import delivery, recipient

_LONGEST_NAME = 60
_ALREADY = "This address is linked already; nothing was changed."


class Recipients:
    """The allow-list. Somebody who was removed stays named in the trails, without an address."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> tuple[Recipient, ...]:
        """In order of turn, then of linking; those who are disabled too."""
        query = (
            select(recipient)
            .where(recipient.c.removed_utc.is_(None))
            .order_by(recipient.c.turn, recipient.c.id)
        )
        with self._database.read() as connection:
            return tuple(map(recipient_from, connection.execute(query)))

    def one(self, recipient_id: int) -> Recipient | None:
        """Also one who was removed, with "" for an address."""
        query = select(recipient).where(recipient.c.id == recipient_id)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return recipient_from(row) if row is not None else None

    def by_address(self, channel: ChannelKind, address: str) -> Recipient | None:
        """Who is reached there now."""
        with self._database.read() as connection:
            return at_address(connection, channel, address)

    def add(self, name: str, channel: ChannelKind, address: str, turn: int = 1) -> Recipient:
        """A new one; RecordsError where the address is linked already."""
        try:
            with self._database.write() as connection:
                return add_recipient(connection, name, channel, address, turn)
        except ClashError as clash:
            raise RecordsError(_ALREADY, clash.cause) from None

    def rename(self, recipient_id: int, name: str) -> None:
        """What people read in messages and on the page."""
        self._set(recipient_id, name=readable(name))

    def set_turn(self, recipient_id: int, turn: int) -> None:
        """Counts for alerts to come."""
        self._set(recipient_id, turn=turn)

    def mute(self, recipient_id: int, until_utc: datetime | None) -> None:
        """Until then; None ends it."""
        self._set(recipient_id, muted_until_utc=until_utc)

    def enable(self, recipient_id: int) -> None:
        """Sending makes sense again."""
        self._set(recipient_id, disabled_why=None)

    def move(self, recipient_id: int, new_address: str) -> None:
        """The chat has another address now; RecordsError where that is linked already."""
        try:
            self._set(recipient_id, address=new_address)
        except ClashError as clash:
            raise RecordsError(_ALREADY, clash.cause) from None

    def disable(self, recipient_id: int, why: str) -> None:
        """Sending is pointless: what waits for them is refused, and the next turn comes sooner."""
        with self._database.write() as connection:
            connection.execute(_of(recipient_id).values(disabled_why=why))
            self._settle_waiting(connection, recipient_id, State.REFUSED, why)

    def remove(self, recipient_id: int) -> None:
        """They are told nothing more, and their address is forgotten."""
        gone = {"removed_utc": self._clock.now_utc(), "address": ""}
        with self._database.write() as connection:
            connection.execute(_of(recipient_id).values(gone))
            self._settle_waiting(
                connection, recipient_id, State.CANCELLED, "The recipient was removed."
            )

    def _set(self, recipient_id: int, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(_of(recipient_id).values(values))

    def _settle_waiting(
        self, connection: Connection, recipient_id: int, state: State, sentence: str
    ) -> None:
        waiting = (
            select(delivery.c.id)
            .where(delivery.c.recipient_id == recipient_id, delivery.c.state == State.WAITING)
            .order_by(delivery.c.id)
            .with_for_update()  # what another server leases in this moment is not ended here
        )
        now_utc = self._clock.now_utc()
        for delivery_id in connection.scalars(waiting).all():
            settle(connection, delivery_id, state, sentence, now_utc)


def recipient_from(row: Row[Any]) -> Recipient:
    """From a row with the table's columns."""
    return Recipient(
        id=row.id,
        name=row.name,
        channel=ChannelKind(row.channel),
        address=row.address,
        turn=row.turn,
        muted_until_utc=row.muted_until_utc,
        disabled_why=row.disabled_why,
    )


def readable(name: str) -> str:
    """Without what no database takes: a chat's name may hold any character, even half ones."""
    letters = "".join(letter for letter in name if letter.isprintable())
    return letters.strip()[:_LONGEST_NAME] or "Somebody"


def at_address(connection: Connection, channel: ChannelKind, address: str) -> Recipient | None:
    """Who is reached there, within a transaction."""
    query = select(recipient).where(
        recipient.c.channel == channel,
        recipient.c.address == address,
        recipient.c.removed_utc.is_(None),
    )
    row = connection.execute(query).one_or_none()
    return recipient_from(row) if row is not None else None


def add_recipient(
    connection: Connection, name: str, channel: ChannelKind, address: str, turn: int
) -> Recipient:
    """A new one, within a transaction; the database refuses an address twice."""
    values = {"name": readable(name), "channel": channel, "address": address, "turn": turn}
    row = connection.execute(insert(recipient).values(values).returning(recipient)).one()
    return recipient_from(row)


def _of(recipient_id: int) -> Any:  # noqa: ANN401 (SQLAlchemy's Update is generic in nothing)
    return update(recipient).where(
        recipient.c.id == recipient_id, recipient.c.removed_utc.is_(None)
    )
