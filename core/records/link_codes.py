"""One-time codes by which somebody's chat becomes a recipient."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from core.clock import Clock
from core.errors import RecordsError
from core.records.database import Database
from core.records.recipient import ChannelKind, Recipient
from core.records.recipients import add_recipient, at_address, readable, recipient_from
from core.records.tables import link_code, link_try, recipient

VALID_FOR = timedelta(minutes=10)
TRIES_PER_ADDRESS = 5
TRIES_OVERALL = 20
"""Wrong tries in ten minutes, before nobody may try."""

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that are mistaken for another
_LENGTH = 8


class TooManyTriesError(RecordsError):
    """Wrong codes came too often; codes are not even looked at for a while."""


@dataclass(frozen=True)
class LinkCode:
    """To be sent to the bot before it expires. It is a secret until then."""

    code: str
    expires_utc: datetime

    def __repr__(self) -> str:
        return f"LinkCode(•••, {self.expires_utc:%H:%M})"


class LinkCodes:
    """Codes of a database; each is good for one link within ten minutes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def issue(self, name: str, turn: int = 1) -> LinkCode:
        """A new code for a person of this name; "" takes the name from the chat."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        issued = LinkCode(code, self._clock.now_utc() + VALID_FOR)
        with self._database.write() as connection:
            self._forget_old(connection)
            values = {"name": name.strip(), "turn": turn, "expires_utc": issued.expires_utc}
            connection.execute(insert(link_code).values(code=code, **values))
        return issued

    def redeem(self, code: str, channel: ChannelKind, address: str, name: str) -> Recipient | None:
        """The recipient that is linked by this code; None where it is wrong, used or too old.

        A chat that is linked already takes over the code's name and turn, and is enabled.

        Raises:
            TooManyTriesError: this address, or all together, tried too often.
        """
        with self._database.write() as connection:
            self._forget_old(connection)
            self._refuse_guessing(connection, channel, address)
            taken = (
                delete(link_code)
                .where(link_code.c.code == _readable(code))
                .returning(link_code.c.name, link_code.c.turn)
            )
            found = connection.execute(taken).one_or_none()
            if found is not None:
                return _link(connection, channel, address, found.name or name, found.turn)
            wrong = {"at_utc": self._clock.now_utc(), "channel": channel, "address": address}
            connection.execute(insert(link_try).values(wrong))
        return None

    def _forget_old(self, connection: Connection) -> None:
        now_utc = self._clock.now_utc()
        connection.execute(delete(link_code).where(link_code.c.expires_utc <= now_utc))
        connection.execute(delete(link_try).where(link_try.c.at_utc <= now_utc - VALID_FOR))

    @staticmethod
    def _refuse_guessing(connection: Connection, channel: ChannelKind, address: str) -> None:
        count = select(func.count()).select_from(link_try)
        own = count.where(link_try.c.channel == channel, link_try.c.address == address)
        if (
            connection.scalars(own).one() >= TRIES_PER_ADDRESS
            or connection.scalars(count).one() >= TRIES_OVERALL
        ):
            raise TooManyTriesError("Too many wrong codes. Please wait ten minutes.")


def _readable(code: str) -> str:
    """As it was issued; "" where it has a letter that no code has, which may be one that no
    database takes.
    """
    letters = code.strip().upper()
    return letters if set(letters) <= set(_LETTERS) else ""


def _link(
    connection: Connection, channel: ChannelKind, address: str, name: str, turn: int
) -> Recipient:
    known = at_address(connection, channel, address)
    if known is None:
        return add_recipient(connection, name, channel, address, turn)
    values = {"name": readable(name), "turn": turn, "disabled_why": None}
    changed = update(recipient).where(recipient.c.id == known.id).values(values)
    return recipient_from(connection.execute(changed.returning(recipient)).one())
