"""What is not kept for ever: pictures of alerts, and seconds."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from core.clock import Clock
from core.delivery.stores import Stores

if TYPE_CHECKING:  # the database's library would hold up the start
    from core.records.second_store import SecondStore

LOGGER = logging.getLogger(__name__)

EVERY_S = 3600.0
LEASE_S = 600.0
SECONDS_KEPT = timedelta(days=30)


class Retention:
    """Once an hour, in one of all servers of a database. Belongs to one thread."""

    def __init__(self, stores: Stores, seconds: SecondStore, owner: str, clock: Clock) -> None:
        self._stores = stores
        self._seconds = seconds
        self._owner = owner
        self._clock = clock
        self._next_s = clock.monotonic_s()

    def keep(self) -> None:
        """Let go of what has expired, if it is time to; RecordsError."""
        now_s = self._clock.monotonic_s()
        if now_s < self._next_s or not self._stores.leases.hold("retention", self._owner, LEASE_S):
            return
        now_utc = self._clock.now_utc()
        days = self._stores.policy.load().picture_days
        pictures = self._stores.alerts.expire_pictures(now_utc - timedelta(days=days))
        self._seconds.forget(now_utc - SECONDS_KEPT)
        self._next_s = now_s + EVERY_S
        if pictures:
            LOGGER.info("Pictures that have expired: %d", pictures)
