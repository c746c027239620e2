"""One row of the outbox: one thing to tell one recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is to be told."""

    ALERT = "alert"
    REMINDER = "reminder"
    UPDATE = "update"
    """Edit the earlier message: it is over, or somebody took it."""
    DIGEST = "digest"
    """What quiet hours held back."""
    NOTICE = "notice"
    """A sentence, for instance that another recipient cannot be reached."""
    TEST = "test"


class State(StrEnum):
    """Of a delivery."""

    WAITING = "waiting"
    SENDING = "sending"
    """Leased: a server is at it, or died at it."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """It may have arrived; what is not an alert stays so."""
    REFUSED = "refused"
    """The channel will never take it."""
    EXPIRED = "expired"
    """The deadline passed."""
    CANCELLED = "cancelled"
    """Answered or over before its turn."""

    @property
    def is_final(self) -> bool:
        return self not in {State.WAITING, State.SENDING}


@dataclass(frozen=True)
class Delivery:
    """One row of the outbox.

    Attributes:
        id: of the row.
        alert_id: None for tests, notices and digests.
        recipient_id: to whom.
        kind, state: see there.
        not_before_utc: when it may be tried next.
        deadline_utc: when it is given up.
        attempts: that counted; being told to wait does not.
        maybe_repeat: an earlier attempt may have arrived, so the message says so.
        message_ref: the channel's name of the sent message ("chat:message"), to edit it.
        text: of notices and digests; "" where the message is made from the alert.
        reminder: 0 for the alert itself, 1 for the first reminder, ...
        is_urgent: goes before what is not, of a grave alert.
    """

    id: int
    alert_id: str | None
    recipient_id: int
    kind: Kind
    state: State
    not_before_utc: datetime
    deadline_utc: datetime
    attempts: int = 0
    maybe_repeat: bool = False
    message_ref: str | None = None
    text: str = ""
    reminder: int = 0
    is_urgent: bool = False


@dataclass(frozen=True)
class Attempt:
    """One line of a delivery's trail: what happened when, in a sentence without secrets."""

    delivery_id: int
    at_utc: datetime
    state: State
    sentence: str
