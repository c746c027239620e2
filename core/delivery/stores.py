"""The parts of the database that delivery works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.records.stores import (
        AlertStore,
        Leases,
        LinkCodes,
        Outbox,
        PolicyStore,
        Recipients,
        Snoozes,
    )


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
