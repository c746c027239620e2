"""When somebody cannot be reached any more, or only elsewhere. Blocks; raises RecordsError."""

from __future__ import annotations

from core.alerts.alert import Alert
from core.delivery.stores import Stores
from core.delivery.words import gone_text
from core.records.delivery import Kind
from core.records.recipient import ChannelKind, Recipient

LINKED_TWICE = "The chat has moved, and its new address is linked already."

_NAMES = {
    ChannelKind.TELEGRAM: "Telegram",
    ChannelKind.EMAIL: "e-mail",
    ChannelKind.DRY_RUN: "dry run",
}


def move(stores: Stores, recipient: Recipient, new_address: str) -> bool:
    """Keeps the new address. False where somebody else has it, who is told by themselves."""
    other = stores.recipients.by_address(recipient.channel, new_address)
    if other is not None and other.id != recipient.id:
        stores.recipients.disable(recipient.id, LINKED_TWICE)
        return False
    stores.recipients.move(recipient.id, new_address)
    return True


def give_up(stores: Stores, gone: Recipient, alert: Alert | None, why: str) -> None:
    """Disables the recipient, and tells all others, once."""
    known = stores.recipients.one(gone.id)
    if known is None or known.disabled_why is not None:
        return  # Another message to them failed at the same time.
    stores.recipients.disable(gone.id, why)
    text = gone_text(gone.name, _NAMES[gone.channel], alert)
    alert_id = alert.id if alert is not None else None
    for other in stores.recipients.all():
        if other.id != gone.id and other.disabled_why is None:
            stores.outbox.queue(other.id, Kind.NOTICE, text, alert_id)
