"""The parts of the database that delivery works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.records.alert_store import AlertStore
    from core.records.leases import Leases
    from core.records.link_codes import LinkCodes
    from core.records.outbox import Outbox
    from core.records.policy_store import PolicyStore
    from core.records.recipients import Recipients
    from core.records.snoozes import Snoozes


@dataclass(frozen=True)
class Stores:
    """One of each, on one database; thread-safe, blocking."""

    alerts: AlertStore
    outbox: Outbox
    recipients: Recipients
    link_codes: LinkCodes
    snoozes: Snoozes
    policy: PolicyStore
    leases: Leases
