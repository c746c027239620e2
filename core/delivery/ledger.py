"""Writes into the outbox what came of a row, however long the database is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.delivery.bot_context import InDatabase
from core.delivery.lane import Sleep
from core.errors import RecordsError
from core.records.delivery import Delivery, State
from core.records.outbox import Outbox

_PAUSES_S = (0.1, 0.3, 1.0, 2.0, 4.0)


class Ledger:
    """For one event loop. Its methods raise RecordsError when the database stays away.

    What could not be written is kept in memory and written later: a row that was sent and comes
    back when its lease has run out is not sent again by this server.
    """

    def __init__(self, outbox: Outbox, in_database: InDatabase, sleep: Sleep) -> None:
        self._outbox = outbox
        self._in_database = in_database
        self._sleep = sleep
        self._unwritten: dict[int, Callable[[], object]] = {}
        self._being_written: set[int] = set()

    async def finish(
        self, row: Delivery, state: State, sentence: str, message_ref: str | None = None
    ) -> None:
        """Its end."""
        await self._write(row, lambda: self._outbox.finish(row.id, state, sentence, message_ref))

    async def again(
        self,
        row: Delivery,
        until_utc: datetime,
        sentence: str,
        *,
        counts: bool = True,
        maybe_repeat: bool = False,
    ) -> None:
        """To be tried again. A mark as a possible repeat stays."""
        marked = maybe_repeat or row.maybe_repeat
        await self._write(
            row, lambda: self._outbox.again(row.id, until_utc, sentence, counts, marked)
        )

    async def release(self, row: Delivery) -> None:
        """It was not tried."""
        await self._write(row, lambda: self._outbox.release(row.id))

    async def catch_up(self, row: Delivery) -> bool:
        """Writes what is left of this row; False where nothing was."""
        if row.id not in self._unwritten:
            return False
        await self._write(row, self._unwritten[row.id])
        return True

    async def settle(self) -> None:
        """Writes what is left of all rows that nobody is at."""
        for row_id in tuple(self._unwritten.keys() - self._being_written):
            await self._in_database(self._unwritten[row_id])
            self._unwritten.pop(row_id, None)

    async def _write(self, row: Delivery, call: Callable[[], object]) -> None:
        self._unwritten[row.id] = call
        self._being_written.add(row.id)
        try:
            await self._insist(call)
        finally:
            self._being_written.discard(row.id)
        self._unwritten.pop(row.id, None)

    async def _insist(self, call: Callable[[], object]) -> None:
        for pause_s in _PAUSES_S:
            try:
                await self._in_database(call)
            except RecordsError:
                await self._sleep(pause_s)
            else:
                return
        await self._in_database(call)
