"""Delivery as the server runs it: one thread with one loop, one Bot, dispatcher and poller."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from telegram import Bot

from core.alerts.alert import NewAlert
from core.clock import Clock
from core.delivery import bot as telegram_bot
from core.delivery.bot_context import BotContext, Cameras, PhotoReader, RunningBot
from core.delivery.channel import MaybeSentError, Message
from core.delivery.courier import Courier
from core.delivery.direct import DirectWay, Outcome
from core.delivery.dispatcher import Dispatcher
from core.delivery.dry_run import DryRunChannel, MissingChannel
from core.delivery.email_channel import EmailChannel
from core.delivery.lane import Lane
from core.delivery.pacing import Pacing
from core.delivery.redaction import hide, install
from core.delivery.settings import DeliverySettings
from core.delivery.stores import Stores
from core.delivery.telegram_channel import TelegramChannel, bot_for
from core.delivery.words import test_text
from core.errors import DeliveryError
from core.records.delivery import State
from core.records.recipient import ChannelKind, Recipient

_log = logging.getLogger(__name__)

T = TypeVar("T")

_RESTART_S = 5.0
_ANSWER_S = 60.0

NOT_RUNNING = "Delivery is not running; nothing was sent."
NO_TELEGRAM = "Telegram is not set up; alerts for it wait."
NO_EMAIL = "E-mail is not set up; alerts for it wait."


@dataclass(frozen=True)
class DeliveryHealth:
    """For the page and /healthz: sentences without secrets; None where all is well.

    Attributes:
        telegram, email: why nothing goes out that way now, or that it is not set up.
        poller: why the bot does not listen.
        database: why the outbox cannot be read.
        waiting: rows that are not at their end, as last counted.
        last_sent_utc: when something was last taken by a channel.
    """

    telegram: str | None = None
    email: str | None = None
    poller: str | None = None
    database: str | None = None
    waiting: int = 0
    last_sent_utc: datetime | None = None


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
        self._running: _Running | None = None

    def start(self) -> None:
        """Returns when the loop runs; the network is not waited for."""
        install()
        self._hide(self._settings)
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._watched(ready)), name="mien-delivery", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self, timeout_s: float = 8.0) -> None:
        """Takes nothing more; lets what is being sent end, and gives the rest back."""
        running, thread = self._running, self._thread
        if running is None or thread is None:
            return
        running.loop.call_soon_threadsafe(running.ask_to_stop, timeout_s)
        thread.join(timeout_s + 2.0)
        if thread.is_alive():
            _log.error("Delivery did not stop in time; leases free what it holds.")
        self._thread = None

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
            return DeliveryHealth(database=NOT_RUNNING)
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

    def _do(self, work: Callable[[_Running], Coroutine[Any, Any, T]], timeout_s: float) -> T:
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

    async def _watched(self, ready: threading.Event) -> None:
        living = asyncio.create_task(self._live(ready))
        await asyncio.wait({living})
        if (error := living.exception()) is not None:
            # Trap: left to the thread, it would be printed past the log, which hides secrets.
            _log.critical("Delivery has ended.", exc_info=error)

    async def _live(self, ready: threading.Event) -> None:
        try:
            self._running = _Running(
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
            await self._running.live()
        finally:
            self._running = None


class _Running:
    """Everything that lives in the loop."""

    def __init__(
        self,
        stores: Stores,
        settings: DeliverySettings,
        clock: Clock,
        owner: str,
        cameras: Cameras | None,
        photo_reader: PhotoReader | None,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self._stop_within_s = 0.0
        self._stores = stores
        self._settings = settings
        self._clock = clock
        self._owner = owner
        self._cameras = cameras
        self._photo_reader = photo_reader
        self._database_thread = ThreadPoolExecutor(1, "mien-delivery-database")
        self._telegram: Bot | None = None
        self._bot: RunningBot | None = None
        self._bot_trouble: str | None = None
        self._lanes: dict[ChannelKind, Lane] = {}
        self._open_lanes(settings)
        self.direct = DirectWay(self._lanes, clock)
        self._courier = Courier(stores, self._lanes, self.direct, clock, self.in_database)
        self.dispatcher = Dispatcher(
            stores, self._courier, self._lanes, clock, self.in_database, owner
        )

    async def in_database(self, call: Callable[[], T]) -> T:
        return await self.loop.run_in_executor(self._database_thread, call)

    async def live(self) -> None:
        dispatching = asyncio.create_task(self._keep_dispatching())
        await self._start_bot()
        await self.stopping.wait()
        await self.dispatcher.stop(self._stop_within_s * 0.6)
        await self._stop_bot()
        await asyncio.wait({dispatching}, timeout=self._stop_within_s * 0.1)
        dispatching.cancel()
        for lane in self._lanes.values():
            await lane.close()
        self._database_thread.shutdown(wait=False, cancel_futures=True)

    def ask_to_stop(self, within_s: float) -> None:
        self._stop_within_s = within_s
        self.stopping.set()

    async def use(self, settings: DeliverySettings) -> None:
        await self._stop_bot()
        before = list(self._lanes.values())
        self._settings = settings
        self._open_lanes(settings)
        await self._start_bot()
        self.dispatcher.wake()
        for lane in before:
            await lane.close()

    def health(self) -> DeliveryHealth:
        telegram, email = self._settings.telegram, self._settings.email
        return DeliveryHealth(
            telegram=self._lanes[ChannelKind.TELEGRAM].trouble if telegram else NO_TELEGRAM,
            email=self._lanes[ChannelKind.EMAIL].trouble if email else NO_EMAIL,
            poller=self._bot_trouble,
            database=self.dispatcher.trouble,
            waiting=self.dispatcher.waiting,
            last_sent_utc=self._courier.last_sent_utc,
        )

    async def send_test(self, recipient_id: int) -> Outcome:
        recipient = await self.in_database(lambda: self._stores.recipients.one(recipient_id))
        if recipient is None:
            return Outcome(recipient_id, State.REFUSED, "There is no such recipient any more.")
        lane = self._lanes[recipient.channel]
        try:
            await lane.turn(recipient.address)
            receipt = await lane.send(recipient.address, Message(test_text()))
        except MaybeSentError as error:
            return Outcome(recipient_id, State.UNCERTAIN, error.sentence)
        except DeliveryError as error:
            return Outcome(recipient_id, State.REFUSED, error.sentence)
        if recipient.disabled_why is not None:
            await self.in_database(lambda: self._stores.recipients.enable(recipient_id))
        return Outcome(recipient_id, State.SENT, f"Sent. {receipt.note}".strip())

    def _open_lanes(self, settings: DeliverySettings) -> None:
        if settings.telegram is not None:
            self._telegram = bot_for(settings.telegram)
            telegram = Lane(
                TelegramChannel(self._telegram), self._clock, asyncio.sleep, Pacing(self._clock)
            )
        else:
            self._telegram = None
            telegram = Lane(MissingChannel(NO_TELEGRAM), self._clock, asyncio.sleep)
        email = (
            EmailChannel(settings.email, self._clock)
            if settings.email is not None
            else MissingChannel(NO_EMAIL)
        )
        # Filled in place: dispatcher and courier hold this very mapping.
        self._lanes[ChannelKind.TELEGRAM] = telegram
        self._lanes[ChannelKind.EMAIL] = Lane(email, self._clock, asyncio.sleep)
        self._lanes[ChannelKind.DRY_RUN] = Lane(DryRunChannel(), self._clock, asyncio.sleep)

    async def _start_bot(self) -> None:
        if self._telegram is None:
            return
        self._bot = await telegram_bot.start(
            BotContext(
                bot=self._telegram,
                stores=self._stores,
                clock=self._clock,
                owner=self._owner,
                in_database=self.in_database,
                wake=self.dispatcher.wake,
                report=self._report,
                cameras=self._cameras,
                photo_reader=self._photo_reader,
            )
        )

    async def _stop_bot(self) -> None:
        bot, self._bot = self._bot, None
        if bot is not None:
            await bot.stop()
        self._bot_trouble = None

    def _report(self, trouble: str | None) -> None:
        self._bot_trouble = trouble

    async def _keep_dispatching(self) -> None:
        while not self.stopping.is_set():
            task = asyncio.create_task(self.dispatcher.run())
            await asyncio.wait({task})
            if (error := task.exception()) is not None:
                # A fault of ours. Alerts must go on all the same.
                self.dispatcher.trouble = "Delivery has stumbled; it starts again by itself."
                _log.error("The dispatcher ended.", exc_info=error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), _RESTART_S)
