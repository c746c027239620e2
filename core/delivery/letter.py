"""What one row of the outbox says, as things stand when it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.alerts.alert import Alert
from core.alerts.rule import Severity
from core.delivery.channel import Button, Message
from core.delivery.stores import Stores
from core.delivery.words import alert_text, buttons, test_text
from core.records.delivery import Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient

# A medium alert to somebody who asked for quiet goes, silently, shortly before it would expire.
_BEFORE_DEADLINE = timedelta(minutes=2)
_LOOK_AGAIN = timedelta(seconds=2)


@dataclass(frozen=True)
class ToSend:
    """A new message."""

    recipient: Recipient
    message: Message
    alert: Alert | None = None


@dataclass(frozen=True)
class ToEdit:
    """Earlier messages, by reference, that shall read anew."""

    recipient: Recipient
    edits: tuple[tuple[str, Message], ...]
    alert: Alert


@dataclass(frozen=True)
class NotNow:
    """To be looked at later."""

    until_utc: datetime
    why: str


@dataclass(frozen=True)
class NotAtAll:
    """Nothing is to be sent any more."""

    why: str
    state: State = field(default=State.CANCELLED)


Letter = ToSend | ToEdit | NotNow | NotAtAll


def letter_for(row: Delivery, stores: Stores, now_utc: datetime) -> Letter:
    """Reads the database; blocks. Raises RecordsError."""
    if now_utc >= row.deadline_utc:
        return NotAtAll("It could not be delivered in time.", State.EXPIRED)
    recipient = stores.recipients.one(row.recipient_id)
    if recipient is None:
        return NotAtAll("The recipient was removed.")
    if recipient.disabled_why is not None:
        return NotAtAll(f"The recipient cannot be reached: {recipient.disabled_why}", State.REFUSED)
    return _to(recipient, row, stores, now_utc)


def _to(recipient: Recipient, row: Delivery, stores: Stores, now_utc: datetime) -> Letter:
    muted = _muted_until(recipient, now_utc) is not None
    if row.alert_id is None:
        return ToSend(recipient, Message(row.text or test_text(), silent=muted))
    alert = stores.alerts.by_id(row.alert_id)
    if alert is None:
        return NotAtAll("The alert is not kept any more.")
    if row.kind is Kind.UPDATE:
        return _update(row, recipient, alert, stores, now_utc)
    if row.kind is Kind.NOTICE:
        return ToSend(recipient, Message(row.text, buttons=_buttons(alert), silent=muted), alert)
    return _alert(row, recipient, alert, stores, now_utc)


def _alert(
    row: Delivery, recipient: Recipient, alert: Alert, stores: Stores, now_utc: datetime
) -> Letter:
    if row.kind is Kind.REMINDER and alert.answer is not None:
        return NotAtAll("Somebody has answered.")
    muted_until_utc = _muted_until(recipient, now_utc)
    if muted_until_utc is not None and alert.severity is not Severity.HIGH:
        until_utc = min(muted_until_utc, row.deadline_utc - _BEFORE_DEADLINE)
        if until_utc > now_utc:
            return NotNow(until_utc, "The recipient asked for quiet.")
    message = Message(
        alert_text(alert, now_utc, maybe_repeat=row.maybe_repeat, reminder=row.reminder),
        # A reminder stands below the alert and its picture.
        picture_jpeg=stores.alerts.picture(alert.id) if row.kind is Kind.ALERT else None,
        buttons=_buttons(alert),
        silent=muted_until_utc is not None or alert.answer is not None,
    )
    return ToSend(recipient, message, alert)


def _update(
    row: Delivery, recipient: Recipient, alert: Alert, stores: Stores, now_utc: datetime
) -> Letter:
    sent = [ref for ref in stores.outbox.refs(alert.id) if ref.recipient_id == recipient.id]
    edits = tuple(
        (earlier.message_ref, _edited(earlier, alert, now_utc))
        for earlier in sent
        if earlier.message_ref is not None
    )
    if edits:
        return ToEdit(recipient, edits, alert)
    under_way = any(
        other.recipient_id == recipient.id and other.state is State.SENDING
        for other, _, _ in stores.outbox.trail(alert.id)
        if other.id != row.id
    )
    if under_way:
        # What is on its way may still say the old; it can be changed when it has arrived.
        return NotNow(now_utc + _LOOK_AGAIN, "The alert itself is on its way.")
    if recipient.channel is ChannelKind.EMAIL:
        return NotAtAll("An e-mail stays as it was sent.")
    return NotAtAll("There is no message that could be changed.")


def _edited(earlier: Delivery, alert: Alert, now_utc: datetime) -> Message:
    return Message(
        alert_text(alert, now_utc, maybe_repeat=earlier.maybe_repeat, reminder=earlier.reminder),
        buttons=_buttons(alert),
        has_picture_before=earlier.kind is Kind.ALERT and alert.has_picture,
    )


def _muted_until(recipient: Recipient, now_utc: datetime) -> datetime | None:
    until_utc = recipient.muted_until_utc
    return until_utc if until_utc is not None and until_utc > now_utc else None


def _buttons(alert: Alert) -> tuple[tuple[Button, ...], ...]:
    return buttons(alert.id) if alert.answer is None else ()
