"""The bot at work: what comes in, who answers it, and what happens when that fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from telegram import Update
from telegram.error import TelegramError

from core.delivery.bot.buttons import Buttons, PressResult
from core.delivery.bot.conversation import Conversation
from core.delivery.bot.door import Door
from core.delivery.bot.incoming import Incoming, Moved, Other, Photo, Press, Text, read_update
from core.delivery.bot.photos import PhotoDesk
from core.delivery.bot.poller import Poller
from core.delivery.bot_context import BotContext
from core.delivery.channel import Message, WaitAskedError
from core.delivery.redaction import redacted
from core.delivery.telegram_channel import TelegramChannel
from core.errors import DeliveryError, MienError, RecordsError
from core.records.recipient import ChannelKind

AT_ONCE = 8
"""Chats that are answered at the same time."""
PATIENCE_S = 2.0
MOST_BUSY = 50
"""With so many chats unanswered, no more is fetched until some are."""

NOT_RECORDED = "This could not be recorded. Please press again in a moment."
STUMBLED = "The bot has stumbled; it starts again by itself."
NOT_DONE = "This could not be done now. Please try again in a moment."
FAULT = "Something went wrong here, and nothing was done. Please try again in a moment."

_LONGEST_NOTE = 200  # answerCallbackQuery
_LONGEST_WAIT_S = 30.0
_STOP_S = 1.5
_RESTART_S = 5.0

_log = logging.getLogger(__name__)


class RunningTelegramBot:
    """The poller and the reader of photos, as tasks of the running loop."""

    def __init__(self, context: BotContext) -> None:
        self._context = context
        self._channel = TelegramChannel(context.bot)
        door = Door(context.stores, context.clock)
        self._door = door
        self._buttons = Buttons(context.stores, context.clock, door)
        self._conversation = Conversation(context.stores, context.clock, door, context.cameras)
        self._photos = PhotoDesk(context.bot, context.photo_reader, self.say)
        self._poller = Poller(context, self.handle)
        self._busy: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(AT_ONCE)
        self._tasks = [
            asyncio.create_task(self._keep(self._poller.run), name="bot-poller"),
            asyncio.create_task(self._keep(self._photos.work), name="bot-photos"),
        ]

    async def stop(self) -> None:
        """Stops polling within a few seconds; never raises for a network that is down."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._busy:
            await asyncio.wait(self._busy, timeout=_STOP_S)
        handled = all(task.done() for task in self._busy)
        for task in self._busy:
            task.cancel()
        self._photos.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poller.let_go(handled=handled), _STOP_S)

    async def handle(self, updates: Sequence[Update]) -> None:
        """Answers all, each chat's in their order; one that fails stops none of the others.

        What takes long goes on while the next updates are fetched.
        """
        username = self._context.bot.username
        chats: dict[str, list[Incoming]] = defaultdict(list)
        for update in updates:
            incoming = read_update(update, username)
            if incoming is not None:
                chats[_chat_of(incoming)].append(incoming)
        tasks = {asyncio.create_task(self._handle_chat(chat)) for chat in chats.values()}
        self._busy |= tasks
        for task in tasks:
            task.add_done_callback(self._busy.discard)
        if tasks:
            # A large picture for one must not keep the others' presses waiting.
            patience_s = PATIENCE_S if len(self._busy) < MOST_BUSY else None
            await asyncio.wait(tasks, timeout=patience_s)

    async def say(self, address: str, message: Message) -> None:
        """Best effort: an answer that cannot be sent is missed by nobody else."""
        for _ in range(2):
            try:
                await self._channel.send(address, message)
            except WaitAskedError as error:
                await asyncio.sleep(min(error.wait_s, _LONGEST_WAIT_S))
            except DeliveryError as error:
                _log.warning("The bot could not answer: %s", redacted(error.cause))
                return
            else:
                return

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled: a fault of ours must not leave the buttons dead."""
        while True:
            (fault,) = await asyncio.gather(work(), return_exceptions=True)
            _log.error("A part of the bot ended.", exc_info=fault)
            self._context.report(STUMBLED)
            await asyncio.sleep(_RESTART_S)

    async def _handle_chat(self, of_chat: Sequence[Incoming]) -> None:
        async with self._free:
            for incoming in of_chat:
                # A fault in handling one thing must not end the polling for all.
                (fault,) = await asyncio.gather(self._one(incoming), return_exceptions=True)
                if fault is not None:
                    await self._apologise(incoming, fault)

    async def _one(self, incoming: Incoming) -> None:
        match incoming:
            case Press():
                await self._press(incoming)
            case Text():
                await self._text(incoming)
            case Photo() | Other():
                await self._photo(incoming)
            case Moved():
                await self._move(incoming)

    async def _press(self, press: Press) -> None:
        try:
            result = await self._context.in_database(lambda: self._buttons.press(press))
        except RecordsError as error:
            _log.warning("A press could not be recorded: %s", error.cause)
            result = PressResult(NOT_RECORDED, loud=True)
        if result.counted:
            self._context.wake()
        await self._note(press, result)

    async def _note(self, press: Press, result: PressResult) -> None:
        try:
            await self._context.bot.answer_callback_query(
                press.query_id, result.sentence[:_LONGEST_NOTE], show_alert=result.loud
            )
        except TelegramError as error:
            # Telegram takes answers for some seconds only; what was pressed is recorded.
            _log.info("A press was not answered: %s", redacted(str(error)))

    async def _text(self, text: Text) -> None:
        answers = await self._context.in_database(lambda: self._conversation.answer(text))
        for answer in answers:
            await self.say(text.sender.address, answer)

    async def _photo(self, sent: Photo | Other) -> None:
        welcome, answers = await self._context.in_database(
            lambda: self._conversation.welcomes(sent)
        )
        for answer in answers:
            await self.say(sent.sender.address, answer)
        if welcome and isinstance(sent, Photo):
            await self._photos.take(sent)

    async def _move(self, moved: Moved) -> None:
        await self._context.in_database(lambda: self._moved(moved))

    def _moved(self, moved: Moved) -> None:
        recipients = self._context.stores.recipients
        recipient = recipients.by_address(ChannelKind.TELEGRAM, moved.old_address)
        if recipient is not None:
            recipients.move(recipient.id, moved.new_address)

    async def _apologise(self, incoming: Incoming, fault: BaseException) -> None:
        if isinstance(fault, MienError):
            _log.warning("The bot could not answer: %s", redacted(fault.cause))
        else:
            _log.error("The bot could not answer.", exc_info=fault)
        sentence = NOT_DONE if isinstance(fault, MienError) else FAULT
        match incoming:
            case Press():
                await self._note(incoming, PressResult(sentence, loud=True))
            case Text() | Photo() | Other():
                await self.say(incoming.sender.address, Message(sentence))
            case Moved():
                pass


def _chat_of(incoming: Incoming) -> str:
    match incoming:
        case Press():
            return incoming.sender.address if incoming.sender else ""
        case Moved():
            return incoming.old_address
        case _:
            return incoming.sender.address
