"""Who may speak with the bot: recipients, and whoever brings a code."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from core.clock import Clock
from core.delivery.bot.help import welcome
from core.delivery.bot.incoming import Sender, Text
from core.delivery.channel import Message
from core.delivery.stores import Stores
from core.records.link_codes import TooManyTriesError
from core.records.recipient import ChannelKind, Recipient

ASK_FOR_CODE = "Please send the code that you were given. A code works once, for ten minutes."
"""All that a stranger ever reads: it tells nothing about who uses the bot, or whether anyone."""

QUIET_FOR = timedelta(hours=1)
_MOST_REMEMBERED = 1000
_NAMELESS = "Somebody"

# Codes are typed by hand: in small letters, or in two halves.
_BETWEEN = re.compile(r"[\s-]")
_CODE = re.compile(r"[A-Za-z0-9]{8}")

_log = logging.getLogger(__name__)


class OncePerChat:
    """Remembers, for an hour, which chats were told something. Forgets the oldest in a flood."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told_s: dict[str, float] = {}

    def first(self, address: str) -> bool:
        """Whether this chat was not told within the hour; from now on it was."""
        now_s = self._clock.monotonic_s()
        told_s = self._told_s.get(address)
        if told_s is not None and now_s - told_s < QUIET_FOR.total_seconds():
            return False
        self._told_s.pop(address, None)
        self._told_s[address] = now_s
        if len(self._told_s) > _MOST_REMEMBERED:
            del self._told_s[next(iter(self._told_s))]
        return True


class Door:
    """Lets recipients in and links those who bring a code. Blocks; of one thread."""

    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._asked = OncePerChat(clock)
        self._slowed = OncePerChat(clock)

    def recipient(self, sender: Sender | None) -> Recipient | None:
        """The recipient whose chat this is; None for strangers."""
        if sender is None:
            return None
        return self._stores.recipients.by_address(ChannelKind.TELEGRAM, sender.address)

    def welcome_back(self, recipient: Recipient) -> bool:
        """Whoever writes can be reached again; True where that is news."""
        if recipient.disabled_why is None:
            return False
        self._stores.recipients.enable(recipient.id)
        _log.info("Recipient %d wrote to the bot and can be reached again.", recipient.id)
        return True

    def knock(self, text: Text) -> tuple[Message, ...]:
        """To a stranger: the welcome, where they bring a code; else the one line.

        Raises:
            RecordsError: the database cannot be used.
        """
        if code_in(text) is None:
            return self.ask(text.sender)
        try:
            recipient = self._redeemed(text)
        except TooManyTriesError as error:
            first = self._slowed.first(text.sender.address)
            return (Message(error.sentence),) if first else ()
        # Whoever mistyped a code must read so; how often codes are tried is limited.
        return (Message(ASK_FOR_CODE if recipient is None else welcome(recipient.name)),)

    def linked_anew(self, text: Text) -> Recipient | None:
        """Somebody who is linked may bring another code, which brings another name and turn."""
        try:
            return self._redeemed(text)
        except TooManyTriesError:
            return None

    def ask(self, sender: Sender) -> tuple[Message, ...]:
        """The one line; nothing where this chat was told within the hour."""
        return (Message(ASK_FOR_CODE),) if self._asked.first(sender.address) else ()

    def _redeemed(self, text: Text) -> Recipient | None:
        code = code_in(text)
        if code is None:
            return None
        sender = text.sender
        name = sender.chat_name or sender.person or _NAMELESS
        recipient = self._stores.link_codes.redeem(code, ChannelKind.TELEGRAM, sender.address, name)
        if recipient is not None:
            _log.info("Recipient %d was linked by a code.", recipient.id)
        return recipient


def code_in(text: Text) -> str | None:
    """What may be a code, behind /start or alone; None for a sentence."""
    if text.command not in {None, "start"}:
        return None
    code = _BETWEEN.sub("", text.rest)
    return code if _CODE.fullmatch(code) else None
