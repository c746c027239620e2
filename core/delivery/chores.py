"""What falls due by itself: reminders, and the digest when quiet hours end."""

from __future__ import annotations

from datetime import datetime

from core.delivery.stores import Stores
from core.delivery.words import digest_text
from core.records.delivery import Kind

_DIGEST_LEASE_S = 60.0


def do_chores(stores: Stores, owner: str, now_utc: datetime) -> None:
    """Queues what is due. Blocks. Raises RecordsError. Several servers may do it at a time."""
    policy = stores.policy.load()
    stores.outbox.remind(policy.reminder_every_s, policy.reminders)
    if policy.quiet is None or not policy.quiet.covers(now_utc):
        _digest(stores, owner, now_utc)


def _digest(stores: Stores, owner: str, now_utc: datetime) -> None:
    held = stores.alerts.held()
    if not held or not stores.leases.hold("digest", owner, _DIGEST_LEASE_S):
        return
    text = digest_text(held, now_utc)
    told = [
        recipient
        for recipient in stores.recipients.all()
        if recipient.turn == 1 and recipient.disabled_why is None
    ]
    if not told:
        return  # Kept until there is somebody to tell.
    for recipient in told:
        stores.outbox.queue(recipient.id, Kind.DIGEST, text)
    stores.alerts.digested([alert.id for alert in held])
