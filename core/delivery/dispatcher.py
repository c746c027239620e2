"""Takes due rows out of the outbox and has them carried, several at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Mapping

from core.clock import Clock
from core.delivery.bot_context import InDatabase
from core.delivery.chores import do_chores
from core.delivery.courier import Courier
from core.delivery.lane import Lane
from core.delivery.ledger import Ledger
from core.delivery.stores import Stores
from core.errors import RecordsError
from core.records.delivery import Delivery
from core.records.recipient import ChannelKind

_log = logging.getLogger(__name__)

# Longer than the longest send with its waits; after a crash a row comes back when it has passed.
LEASE_S = 45.0

_AT_A_TIME = 8
_LOOK_EVERY_S = 1.0
_CHORES_EVERY_S = 5.0


class Dispatcher:
    """The outbox's one worker in this server; for one event loop.

    A row is marked as being sent, and that is committed, before anything leaves. So a crash between
    sending and recording leads to a repeat that says so, and a crash before sending to one message.

    Attributes:
        trouble: why the outbox cannot be used; None when it could.
        waiting: rows that are not at their end, as last counted.
    """

    def __init__(
        self,
        stores: Stores,
        courier: Courier,
        ledger: Ledger,
        lanes: Mapping[ChannelKind, Lane],
        clock: Clock,
        in_database: InDatabase,
        owner: str,
    ) -> None:
        self._stores = stores
        self._courier = courier
        self._ledger = ledger
        self._lanes = lanes
        self._clock = clock
        self._in_database = in_database
        self._owner = owner
        self._woken = asyncio.Event()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._at_work: Counter[ChannelKind] = Counter()
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()
        self._chores_at_s = clock.monotonic_s()
        self.trouble: str | None = None
        self.waiting = 0

    async def run(self) -> None:
        """Until `stop`."""
        self._ended.clear()
        try:
            while not self._stopping:
                await self.round()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), _LOOK_EVERY_S)
                self._woken.clear()
        finally:
            self._ended.set()

    def wake(self) -> None:
        """Something may be due. In the loop's thread."""
        self._woken.set()

    async def round(self) -> None:
        """Looks once, and starts what is due; does not wait for it to arrive."""
        trouble = None
        # Each for itself: what cannot be recorded, or a digest, must not hold an alert back.
        for step in (self._ledger.settle, self._chores, self._start_due):
            try:
                await step()
            except RecordsError as error:
                trouble = error
        if trouble is not None and self.trouble is None:
            _log.warning("The outbox cannot be used: %s", trouble.cause)
        if trouble is None and self.trouble is not None:
            _log.warning("The outbox can be used again.")
        self.trouble = trouble.sentence if trouble is not None else None

    async def idle(self) -> None:
        """Until all that was started has come to an end."""
        while self._running:
            await asyncio.wait(self._running.values())

    async def stop(self, timeout_s: float) -> None:
        """Takes nothing more; what is being sent has until then, the rest is given back."""
        self._stopping = True
        self.wake()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), timeout_s * 0.2)
        late = await self._wait(timeout_s * 0.5)
        for task in late:
            task.cancel()
        await self._wait(timeout_s * 0.3)

    async def _wait(self, timeout_s: float) -> set[asyncio.Task[None]]:
        running = set(self._running.values())
        return (await asyncio.wait(running, timeout=timeout_s))[1] if running else set()

    async def _chores(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s >= self._chores_at_s:
            self._chores_at_s = now_s + _CHORES_EVERY_S
            now_utc = self._clock.now_utc()
            await self._in_database(lambda: do_chores(self._stores, self._owner, now_utc))
            self.waiting = await self._in_database(self._stores.outbox.waiting)

    async def _start_due(self) -> None:
        due_utc = await self._in_database(self._stores.outbox.next_due_utc)
        if due_utc is not None and due_utc <= self._clock.now_utc():
            for channel in self._lanes:
                await self._start(channel)

    async def _start(self, channel: ChannelKind) -> None:
        # Each channel has places of its own: one that hangs holds no other back.
        free = _AT_A_TIME - self._at_work[channel]
        if free <= 0 or not self._lanes[channel].is_open:
            return
        rows = await self._in_database(
            lambda: self._stores.outbox.lease(self._owner, free, LEASE_S, (channel,))
        )
        for row in rows:
            if self._stopping:
                await self._ledger.release(row)
            # A row that took longer than its lease comes back while it is still under way.
            elif row.id not in self._running:
                self._carry(row, channel)

    def _carry(self, row: Delivery, channel: ChannelKind) -> None:
        task = asyncio.create_task(self._courier.carry(row), name=f"delivery {row.id}")
        self._running[row.id] = task
        self._at_work[channel] += 1
        task.add_done_callback(lambda done: self._done(row.id, channel, done))

    def _done(self, row_id: int, channel: ChannelKind, task: asyncio.Task[None]) -> None:
        del self._running[row_id]
        self._at_work[channel] -= 1
        self.wake()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, RecordsError):
            _log.warning("Delivery %d could not be recorded yet: %s", row_id, error.cause)
        elif error is not None:
            # The row's lease runs out and it comes back, marked as a possible repeat.
            _log.error("Delivery %d was not ended.", row_id, exc_info=error)
