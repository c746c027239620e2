"""Sums of readings, made again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.clock import Clock

if TYPE_CHECKING:  # the database's library would hold up the start
    from core.records.leases import Leases
    from core.records.roller import Roller

EVERY_S = 20.0
LEASE_S = 120.0


class Rolling:
    """In one of all servers of a database. Belongs to one thread."""

    def __init__(self, roller: Roller, leases: Leases, owner: str, clock: Clock) -> None:
        self._roller = roller
        self._leases = leases
        self._owner = owner
        self._clock = clock
        self._next_s = clock.monotonic_s()

    def keep(self) -> None:
        """Add up what is complete, if it is time to; RecordsError.

        A backlog, for instance of a database of an earlier version, is done bit by bit: what is
        left comes at the next call.
        """
        now_s = self._clock.monotonic_s()
        if now_s < self._next_s or not self._leases.hold("rollup", self._owner, LEASE_S):
            return
        if not self._roller.roll():
            self._next_s = now_s + EVERY_S
