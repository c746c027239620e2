"""Everything that the server knows: the bot, its chats, what was called, what is to fail."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import Clock
from deploy.demo_bot.chats import Chat, ChatBook, Edit, Keyboard, Message, User
from deploy.demo_bot.faults import FaultPlan
from deploy.demo_bot.photos import PhotoShelf, StoredFile
from deploy.demo_bot.updates import UpdateQueue

QUERY_LIFE_S = 15.0
"""How long the press of a button waits for its answer."""


@dataclass
class Query:
    """One press of a button; `answer` is what the person is shown, "" for a plain tick."""

    id: str
    chat_id: int
    message_id: int
    data: str
    asked_s: float
    answer: str | None = None
    is_alert: bool = False


@dataclass
class Call:
    """One call of the Bot API, as it ended.

    Attributes:
        outcome: "ok", "refused" (see `error_code`), "reset" or "silent".
        fault: the ordered fault that struck it, if any.
    """

    method: str
    chat_id: int | None
    at_s: float
    at_utc: datetime
    outcome: str = "ok"
    error_code: int | None = None
    fault: str | None = None


class World:
    """The state of one server, in memory. Used by one event loop."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token = token
        self.clock = clock
        bot_id = int(token.partition(":")[0])
        self.bot = User(bot_id, "Mien", "mien_demo_bot", is_bot=True)
        self.chats = ChatBook()
        self.photos = PhotoShelf()
        self.updates = UpdateQueue()
        self.faults = FaultPlan()
        self.queries: dict[str, Query] = {}
        self.commands: list[dict[str, str]] = []
        self.calls: deque[Call] = deque(maxlen=20_000)
        self.version = 0
        self.listened_s = -math.inf
        self._waiting: set[asyncio.Future[None]] = set()

    def post(
        self,
        chat: Chat,
        sender: User,
        text: str,
        *,
        photo: tuple[StoredFile, ...] = (),
        keyboard: Keyboard = (),
        reply_to: Message | None = None,
        silent: bool = False,
        protected: bool = False,
    ) -> Message:
        """A new message, whoever wrote it."""
        chat.last_message_id += 1
        message = Message(
            chat=chat,
            message_id=chat.last_message_id,
            sender=sender,
            text=text,
            accepted_s=self.clock.monotonic_s(),
            accepted_utc=self.clock.now_utc(),
            photo=photo,
            keyboard=keyboard,
            reply_to=reply_to,
            silent=silent,
            protected=protected,
        )
        chat.messages.append(message)
        self.touch()
        return message

    def edit(self, message: Message, text: str, keyboard: Keyboard) -> Message:
        """Changes what a message says; what it said before stays known."""
        now_s, now_utc = self.clock.monotonic_s(), self.clock.now_utc()
        message.edits.append(Edit(now_s, now_utc, message.text, message.keyboard))
        message.text, message.keyboard = text, keyboard
        self.touch()
        return message

    def touch(self) -> None:
        """Something changed that the page shows."""
        self.version += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    @property
    def is_listened_to(self) -> bool:
        """Whether a bot asks for updates; also in the moment between two of its polls."""
        return self.updates.is_polled or self.clock.monotonic_s() < self.listened_s + 3

    async def changed_since(self, version: int, within_s: float) -> None:
        """Returns once the version is another, or after a while."""
        if self.version != version:
            return
        mine: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.add(mine)
        try:
            await asyncio.wait({mine}, timeout=within_s)
        finally:
            self._waiting.discard(mine)
