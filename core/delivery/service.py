"""Delivery as the server runs it: one thread with one loop, one Bot, dispatcher and poller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeliveryHealth:
    """For the page and /healthz: sentences without secrets; None where all is well.

    Attributes:
        telegram, email: why nothing goes out that way now, or that it is not set up.
        poller: why the bot does not listen.
        database: why the outbox cannot be read.
        waiting: rows that are due or will be.
        last_sent_utc: when something was last taken by a channel.
    """

    telegram: str | None = None
    email: str | None = None
    poller: str | None = None
    database: str | None = None
    waiting: int = 0
    last_sent_utc: datetime | None = None
