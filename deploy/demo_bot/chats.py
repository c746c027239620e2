"""Chats as Telegram keeps them: people, groups, and the messages in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deploy.demo_bot.api_error import ApiError, bad_request, forbidden, migrated
from deploy.demo_bot.photos import StoredFile

_FIRST_PERSON_ID = 6_100_000_001
"""Telegram's ids need more than 32 bits, so these do as well."""
_FIRST_GROUP_ID = -4_100_000_001
_FIRST_SUPERGROUP_ID = -1_002_100_000_001

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")

Keyboard = tuple[tuple[dict[str, str], ...], ...]
"""Rows of inline buttons, each as InlineKeyboardButton of the Bot API."""


@dataclass(frozen=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False

    def api(self) -> dict[str, Any]:
        """User of the Bot API."""
        user = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        return user if self.is_bot else {**user, "language_code": "en"}


@dataclass(frozen=True)
class Edit:
    """What a message said before it was edited, and when that ended."""

    at_s: float
    at_utc: datetime
    text: str
    keyboard: Keyboard


@dataclass
class Message:
    """One message in one chat.

    Attributes:
        text: of a picture, its caption.
        photo: its sizes, smallest first; empty for text.
        accepted_s, accepted_utc: when the server had taken it, on the machine's clocks.
        edits: what it said before, oldest first.
        deleted: nobody sees it any more.
    """

    chat: Chat
    message_id: int
    sender: User
    text: str
    accepted_s: float
    accepted_utc: datetime
    photo: tuple[StoredFile, ...] = ()
    keyboard: Keyboard = ()
    reply_to: Message | None = None
    silent: bool = False
    protected: bool = False
    edits: list[Edit] = field(default_factory=list)
    deleted: bool = False

    def api(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Message of the Bot API."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender.api(),
            "chat": self.chat.api(),
            "date": int(self.accepted_utc.timestamp()),
            **self._content(),
        }
        if self.edits:
            message["edit_date"] = int(self.edits[-1].at_utc.timestamp())
        if self.reply_to is not None and with_reply:
            message["reply_to_message"] = self.reply_to.api(with_reply=False)
        if self.keyboard:
            message["reply_markup"] = {"inline_keyboard": [list(row) for row in self.keyboard]}
        if self.protected:
            message["has_protected_content"] = True
        return message

    def _content(self) -> dict[str, Any]:
        kind = "caption" if self.photo else "text"
        content: dict[str, Any] = {kind: self.text} if self.text else {}
        if self.photo:
            content["photo"] = [size.photo_size() for size in self.photo]
        if entities := _entities(self.text):
            content["caption_entities" if self.photo else "entities"] = entities
        return content

    def has_button(self, data: str) -> bool:
        """Whether one of its buttons carries this."""
        return any(button.get("callback_data") == data for row in self.keyboard for button in row)


@dataclass
class Chat:
    """A private chat, whose id is the person's, or a group.

    Attributes:
        people: who writes in it; the first one where nobody is named.
        blocked: the person blocked the bot, or the group threw it out.
        migrated_to: the id of the supergroup that the group became.
    """

    id: int
    kind: str
    people: list[User]
    title: str = ""
    blocked: bool = False
    migrated_to: int | None = None
    messages: list[Message] = field(default_factory=list)
    last_message_id: int = 0

    @property
    def name(self) -> str:
        """For people."""
        return self.title or self.people[0].first_name

    def api(self) -> dict[str, Any]:
        """Chat of the Bot API."""
        if self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = self.people[0]
        chat = {"id": self.id, "type": self.kind, "first_name": person.first_name}
        return {**chat, "username": person.username} if person.username else chat

    def one(self, message_id: int) -> Message | None:
        """The message of this id, unless it was deleted."""
        standing = (each for each in self.messages if not each.deleted)
        return next((each for each in standing if each.message_id == message_id), None)

    def check_open(self) -> None:
        """Raises ApiError where the bot can't write here (any more)."""
        if self.migrated_to is not None:
            raise migrated(self.migrated_to)
        if self.blocked:
            raise self.blocked_error()

    def blocked_error(self) -> ApiError:
        """What the bot is told when it writes to a chat that shut it out."""
        if self.kind == "private":
            return forbidden("bot was blocked by the user")
        return forbidden(f"bot was kicked from the {self.kind} chat")


class ChatBook:
    """All chats, by id."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}
        self._supergroups = 0

    def __iter__(self) -> Iterator[Chat]:
        return iter(self._chats.values())

    def find(self, chat_id: int) -> Chat:
        """Raises ApiError, 400, where the bot never heard of it."""
        if chat_id not in self._chats:
            raise bad_request("chat not found")
        return self._chats[chat_id]

    def add_person(self, name: str) -> Chat:
        """A private chat with somebody new."""
        person_id = _FIRST_PERSON_ID + sum(chat.kind == "private" for chat in self)
        username = re.sub(r"\W+", "_", name.lower())
        return self._keep(Chat(person_id, "private", [User(person_id, name, username)]))

    def add_group(self, title: str, people: list[User]) -> Chat:
        """A group of people who each have a private chat as well."""
        group_id = _FIRST_GROUP_ID - sum(chat.kind == "group" for chat in self)
        return self._keep(Chat(group_id, "group", people, title))

    def migrate(self, chat: Chat) -> Chat:
        """Turns a group into a supergroup, with a new id; the old id only tells the new one."""
        if chat.migrated_to is not None:
            return self.find(chat.migrated_to)
        chat.migrated_to = _FIRST_SUPERGROUP_ID - self._supergroups
        self._supergroups += 1
        return self._keep(Chat(chat.migrated_to, "supergroup", chat.people, chat.title))

    def _keep(self, chat: Chat) -> Chat:
        self._chats[chat.id] = chat
        return chat


def _entities(text: str) -> list[dict[str, Any]]:
    """Where the commands stand, counted in UTF-16 units as Telegram does."""
    return [
        {
            "type": "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found.group()),
        }
        for found in _COMMAND.finditer(text)
    ]
