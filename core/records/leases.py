"""Who of several servers does what only one may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from core.clock import Clock
from core.records.database import Database
from core.records.failures import ClashError
from core.records.tables import lease

CLOCK_WENT_BACK = timedelta(minutes=2)
"""What was written so far in the future was written before the clock was set back; servers of one
database differ by less."""


class Leases:
    """Named leases: the one bot poller, the one retention."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def hold(self, name: str, owner: str, for_s: float) -> bool:
        """Take it or keep it from now on; False where another one has it."""
        try:
            with self._database.write() as connection:
                return hold(connection, name, owner, for_s, self._clock.now_utc())
        except ClashError:  # two took a new one at the same moment
            return False

    def let_go(self, name: str, owner: str) -> None:
        """Another one may have it at once."""
        mine = (lease.c.name == name) & (lease.c.owner == owner)
        with self._database.write() as connection:
            connection.execute(lease.delete().where(mine))


def hold(connection: Connection, name: str, owner: str, for_s: float, now_utc: datetime) -> bool:
    """As `Leases.hold`, within a transaction."""
    values = {
        "owner": owner,
        "taken_utc": now_utc,
        "until_utc": now_utc + timedelta(seconds=for_s),
    }
    free = (
        (lease.c.owner == owner)
        | (lease.c.until_utc <= now_utc)
        | (lease.c.taken_utc > now_utc + CLOCK_WENT_BACK)
    )
    taken = connection.execute(update(lease).where(lease.c.name == name, free).values(values))
    if taken.rowcount:
        return True
    if connection.scalar(select(lease.c.name).where(lease.c.name == name)) is not None:
        return False
    connection.execute(insert(lease).values(name=name, **values))
    return True
