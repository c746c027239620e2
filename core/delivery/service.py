"""Delivery as the server runs it: one thread with one loop, one Bot, dispatcher and poller."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import threading
from collections.abc import Callable, Coroutine, Sequence
from itertools import count
from typing import Any, TypeVar

from core.alerts.alert import NewAlert
from core.clock import Clock
from core.delivery.backoff import backoff_s
from core.delivery.bot_context import Cameras, PhotoReader
from core.delivery.direct import Outcome
from core.delivery.redaction import hide, install
from core.delivery.running import DeliveryHealth, Running
from core.delivery.settings import DeliverySettings
from core.delivery.stores import Stores
from core.errors import DeliveryError
from core.faults import FaultLog
from core.records.recipient import Recipient

_log = logging.getLogger(__name__)

T = TypeVar("T")

_ANSWER_S = 60.0

__all__ = ["NOT_RUNNING", "DeliveryHealth", "DeliveryService"]

NOT_RUNNING = "Delivery is not running; nothing was sent."
STUMBLED = "Delivery has stumbled; it starts again by itself. Alerts wait."


class DeliveryService:
    """Belongs to the server. Its methods may be called by any thread but its own."""

    def __init__(
        self,
        stores: Stores,
        settings: DeliverySettings,
        clock: Clock,
        owner: str,
        *,
        cameras: Cameras | None = None,
        photo_reader: PhotoReader | None = None,
    ) -> None:
        """Nothing runs yet.

        Args:
            stores: on one database.
            settings: of the channels.
            clock: of deadlines and waits.
            owner: names this server in leases, `Database.owner`.
            cameras: for /status and /snapshot.
            photo_reader: for photos sent to the bot.
        """
        self._stores = stores
        self._settings = settings
        self._clock = clock
        self._owner = owner
        self._cameras = cameras
        self._photo_reader = photo_reader
        self._thread: threading.Thread | None = None
        self._running: Running | None = None
        self._stopping = threading.Event()
        self._trouble = NOT_RUNNING
        self._faults = FaultLog(_log)
        self._jitter = random.Random()  # noqa: S311  # spreads retries, hides nothing

    def start(self) -> None:
        """Returns when the loop runs; the network is not waited for."""
        install()
        self._hide(self._settings)
        ready = threading.Event()
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._keep_living, args=(ready,), name="mien-delivery", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self, timeout_s: float = 8.0) -> None:
        """Takes nothing more; lets what is being sent end, and gives the rest back."""
        thread = self._thread
        if thread is None:
            return
        self._stopping.set()
        running = self._running
        if running is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                running.loop.call_soon_threadsafe(running.ask_to_stop, timeout_s)
        thread.join(timeout_s + 2.0)
        if thread.is_alive():
            _log.error("Delivery did not stop in time; leases free what it holds.")
        self._thread, self._trouble = None, NOT_RUNNING

    def wake(self) -> None:
        """Something was put into the outbox."""
        running = self._running
        if running is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                running.loop.call_soon_threadsafe(running.dispatcher.wake)

    def use(self, settings: DeliverySettings) -> None:
        """Changed settings; what waits is tried at once. Blocks for some seconds."""
        self._hide(settings)
        self._settings = settings
        if self._running is not None:
            self._do(lambda running: running.use(settings), _ANSWER_S)

    def health(self) -> DeliveryHealth:
        """How it is now; asks nobody."""
        running = self._running
        if running is None:
            return DeliveryHealth(database=self._trouble)
        return running.health()

    def send_test(self, recipient_id: int) -> Outcome:
        """Sends a test message now and tells what came of it.

        Raises:
            DeliveryError: delivery is not running.
            RecordsError: the recipients cannot be read.
        """
        return self._do(lambda running: running.send_test(recipient_id), _ANSWER_S)

    def send_unrecorded(
        self, new: NewAlert, recipients: Sequence[Recipient], timeout_s: float = 40.0
    ) -> tuple[Outcome, ...]:
        """Past the database: tells these at once. What arrived is not sent again from the outbox.

        May be repeated for the same alert: nobody is told twice.

        Raises:
            DeliveryError: delivery is not running, or it took too long.
        """
        return self._do(lambda running: running.direct.send(new, recipients), timeout_s)

    def _do(self, work: Callable[[Running], Coroutine[Any, Any, T]], timeout_s: float) -> T:
        running = self._running
        if running is None or running.stopping.is_set():
            raise DeliveryError(NOT_RUNNING)
        future = asyncio.run_coroutine_threadsafe(work(running), running.loop)
        try:
            return future.result(timeout_s)
        except TimeoutError:
            future.cancel()
            raise DeliveryError("It took too long; it may have arrived.") from None

    @staticmethod
    def _hide(settings: DeliverySettings) -> None:
        if settings.telegram is not None:
            hide([settings.telegram.token])
        if settings.email is not None:
            hide([settings.email.password])

    def _keep_living(self, ready: threading.Event) -> None:
        """Until `stop`: a fault of ours ends one life, and another begins after a pause."""
        for lives in count(1):
            fault = asyncio.run(self._life(ready))
            if fault is None:
                return
            self._trouble = STUMBLED
            # Trap: left to the thread, it would be printed past the log, which hides secrets.
            self._faults.report("Delivery", fault)
            if self._stopping.wait(backoff_s(lives, self._jitter)):
                return

    async def _life(self, ready: threading.Event) -> BaseException | None:
        """What ended it; None where that was meant."""
        living = asyncio.create_task(self._live(ready))
        await asyncio.wait({living})
        return living.exception()

    async def _live(self, ready: threading.Event) -> None:
        try:
            self._running = Running(
                self._stores,
                self._settings,
                self._clock,
                self._owner,
                self._cameras,
                self._photo_reader,
            )
        finally:
            ready.set()
        try:
            if not self._stopping.is_set():
                await self._running.live()
        finally:
            self._running = None
