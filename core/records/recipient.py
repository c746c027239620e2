"""Who is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChannelKind(StrEnum):
    TELEGRAM = "telegram"
    EMAIL = "email"
    DRY_RUN = "dry run"


@dataclass(frozen=True)
class Recipient:
    """One carer on one channel.

    Attributes:
        id: in the database.
        name: for people; chosen on the page or taken from the chat.
        channel: how.
        address: chat id or e-mail address; private, never logged.
        turn: 1 is told at once; 2 when nobody of turn 1 has answered after all reminders; etc.
        muted_until_utc: medium alerts wait and high ones arrive without sound until then.
        disabled_why: a sentence, when sending is pointless (blocked the bot); None otherwise.
    """

    id: int
    name: str
    channel: ChannelKind
    address: str
    turn: int = 1
    muted_until_utc: datetime | None = None
    disabled_why: str | None = None

    def __repr__(self) -> str:
        # Trap: a recipient ends up in log lines and exception texts; its address must not.
        return f"Recipient({self.id}, {self.channel})"
