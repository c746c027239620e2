"""What people send to the bot, freed from Telegram's types."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from telegram import Chat, Document, Message, Update, User

LARGEST_FILE_BYTES = 20_000_000
"""What a bot may download (Bot API, getFile)."""

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Sender:
    """Where something came from.

    Attributes:
        address: of the chat, as recipients have it; private, never logged.
        chat_name: of the person or group, as they call themselves.
        person: first name of whoever wrote or pressed; "" where Telegram does not tell.
        is_group: several people write and press here.
    """

    address: str
    chat_name: str
    person: str
    is_group: bool

    def __repr__(self) -> str:
        # Trap: what is handled ends up in log lines and exception texts.
        return "Sender(…)"


@dataclass(frozen=True)
class Text:
    """A line of text, or a command: `command` is without its slash, None for plain text."""

    sender: Sender
    sent_utc: datetime
    command: str | None
    rest: str

    def __repr__(self) -> str:
        return f"Text({'…' if self.command is None else self.command})"


@dataclass(frozen=True)
class Photo:
    """A picture, still on Telegram's server.

    Attributes:
        file_id: to fetch it by.
        size_bytes: None where Telegram does not tell.
        album: pictures that were sent together share one; None for a single one.
    """

    sender: Sender
    sent_utc: datetime
    file_id: str
    size_bytes: int | None
    album: str | None


@dataclass(frozen=True)
class Press:
    """A button. `sender` is None where Telegram does not tell the chat."""

    query_id: str
    sender: Sender | None
    data: str


@dataclass(frozen=True)
class Moved:
    """A group has a new address."""

    old_address: str
    new_address: str

    def __repr__(self) -> str:
        return "Moved(…)"


@dataclass(frozen=True)
class Other:
    """Something that the bot cannot use: a voice message, a sticker."""

    sender: Sender
    sent_utc: datetime


Incoming = Text | Photo | Press | Moved | Other


def read_update(update: Update, username: str) -> Incoming | None:
    """What an update says; None for what is not meant for the bot.

    Args:
        update: from Telegram.
        username: the bot's own, without "@".
    """
    if update.callback_query is not None:
        query = update.callback_query
        chat = query.message.chat if query.message else None
        sender = _sender(chat, query.from_user) if chat else None
        return Press(query.id, sender, query.data or "")
    return None if update.message is None else _read_message(update.message, username)


def _read_message(message: Message, username: str) -> Incoming | None:
    if message.migrate_to_chat_id is not None:
        return Moved(str(message.chat.id), str(message.migrate_to_chat_id))
    sender = _sender(message.chat, message.from_user)
    if message.text is not None:
        return _read_text(message, message.text, sender, username)
    if sender.is_group and not _meant_for(message, username):
        return None
    picture = message.photo[-1] if message.photo else _picture_of(message.document)
    if picture is None:
        return None if sender.is_group else Other(sender, message.date)
    album = message.media_group_id
    return Photo(sender, message.date, picture.file_id, picture.file_size, album)


def _read_text(message: Message, text: str, sender: Sender, username: str) -> Text | None:
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return None if sender.is_group else Text(sender, message.date, None, text.strip())
    command, of_bot, rest = found.groups()
    if of_bot and of_bot.lower() != username.lower():
        return None
    return Text(sender, message.date, command.lower(), (rest or "").strip())


def _meant_for(message: Message, username: str) -> bool:
    """A group's pictures are its own, unless somebody shows one to the bot."""
    answered = message.reply_to_message
    replies = bool(answered and answered.from_user and answered.from_user.username == username)
    return replies or f"@{username}".lower() in (message.caption or "").lower()


def _picture_of(document: Document | None) -> Document | None:
    is_picture = document is not None and (document.mime_type or "").startswith("image/")
    return document if is_picture else None


def _sender(chat: Chat, user: User | None) -> Sender:
    is_group = chat.type != Chat.PRIVATE
    person = _presentable(user.first_name) if user else ""
    chat_name = _presentable((chat.title if is_group else user and user.full_name) or "")
    return Sender(str(chat.id), chat_name, person, is_group)


def _presentable(name: str) -> str:
    """One short line: people may call themselves anything, and it is shown to others."""
    printed = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in name)
    return " ".join(printed.split())[:_LONGEST_NAME].strip()
