"""What is not kept for ever: pictures of alerts, readings, and their sums."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from core.clock import Clock
from core.delivery.stores import Stores
from core.watching.steady_date import SteadyDate

if TYPE_CHECKING:  # the database's library would hold up the start
    from core.records.database import Database
    from core.records.keeping import KeepingStore
    from core.records.second_store import SecondStore

LOGGER = logging.getLogger(__name__)

EVERY_S = 3600.0
LEASE_S = 600.0


class Retention:
    """Once an hour, in one of all servers of a database. Belongs to one thread.

    Ages are told by the wall clock. While that is not to be trusted (see SteadyDate) nothing goes;
    what was recorded while it was ahead goes when its date has come, or when somebody erases it.
    A reading goes only after it was added to its sums.
    """

    def __init__(
        self,
        stores: Stores,
        seconds: SecondStore,
        keeping: KeepingStore,
        database: Database,
        date: SteadyDate,
        clock: Clock,
    ) -> None:
        self._stores = stores
        self._seconds = seconds
        self._keeping = keeping
        self._database = database
        self._date = date
        self._clock = clock
        self._next_s = clock.monotonic_s()

    def keep(self) -> None:
        """Let go of what has expired, if it is time to; RecordsError."""
        now_s, owner = self._clock.monotonic_s(), self._database.owner
        if now_s < self._next_s or not self._stores.leases.hold("retention", owner, LEASE_S):
            return
        if self._date.is_steady():
            self._let_go()
        self._next_s = now_s + EVERY_S

    def _let_go(self) -> None:
        now_utc = self._clock.now_utc()
        days = self._stores.policy.load().picture_days
        pictures = self._stores.alerts.expire_pictures(now_utc - timedelta(days=days))
        keeping = self._keeping.load()
        seconds = self._seconds.forget(now_utc - keeping.readings_for)
        minutes = self._seconds.forget_rollups(now_utc - keeping.rollups_for)
        self._database.truncate_log()
        if pictures or seconds or minutes:
            told = "Expired: %d pictures, %d seconds, %d minutes of sums"
            LOGGER.info(told, pictures, seconds, minutes)
