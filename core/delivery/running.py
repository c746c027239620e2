"""What lives in delivery's loop: channels, dispatcher, and the bot's poller."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from telegram import Bot

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
from core.delivery.ledger import Ledger
from core.delivery.pacing import Pacing
from core.delivery.settings import DeliverySettings
from core.delivery.stores import Stores
from core.delivery.telegram_channel import TelegramChannel, bot_for
from core.delivery.words import test_text
from core.errors import DeliveryError
from core.records.delivery import State
from core.records.recipient import ChannelKind

_log = logging.getLogger(__name__)

T = TypeVar("T")

NO_TELEGRAM = "Telegram is not set up; alerts for it wait."
NO_EMAIL = "E-mail is not set up; alerts for it wait."

_RESTART_S = 5.0


@dataclass(frozen=True)
class DeliveryHealth:
    """For the page and /healthz: sentences without secrets; None where all is well.

    Attributes:
        telegram, email: why nothing goes out that way now, or that it is not set up.
        poller: why the bot does not listen.
        database: why the outbox cannot be read.
        waiting: rows that are not at their end, as last counted.
        last_sent_utc: when something was last taken by a channel.
        bot_name: its username, without the @; None until Telegram told it.
    """

    telegram: str | None = None
    email: str | None = None
    poller: str | None = None
    database: str | None = None
    waiting: int = 0
    last_sent_utc: datetime | None = None
    bot_name: str | None = None


class Running:
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
        ledger = Ledger(stores.outbox, self.in_database, asyncio.sleep)
        self._courier = Courier(stores, self._lanes, self.direct, ledger, clock, self.in_database)
        self.dispatcher = Dispatcher(
            stores, self._courier, ledger, self._lanes, clock, self.in_database, owner
        )

    async def in_database(self, call: Callable[[], T]) -> T:
        return await self.loop.run_in_executor(self._database_thread, call)

    async def live(self) -> None:
        try:
            await self._until_stopped()
        finally:
            self._database_thread.shutdown(wait=False, cancel_futures=True)

    async def _until_stopped(self) -> None:
        dispatching = asyncio.create_task(self._keep_dispatching())
        await self._start_bot()
        await self.stopping.wait()
        await self.dispatcher.stop(self._stop_within_s * 0.6)
        await self._stop_bot()
        await asyncio.wait({dispatching}, timeout=self._stop_within_s * 0.1)
        dispatching.cancel()
        for lane in self._lanes.values():
            await lane.close()

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
            bot_name=self._bot_name(),
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

    def _bot_name(self) -> str | None:
        """As the poller learnt it when it began; asks nobody."""
        with contextlib.suppress(RuntimeError):  # it has not begun
            return self._telegram.username if self._telegram is not None else None
        return None

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
