"""Telegram, through python-telegram-bot."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from core.delivery.channel import Message, MessageRefusedError, Receipt
from core.delivery.settings import TelegramSettings
from core.delivery.telegram_errors import (
    classified,
    is_about_photo,
    is_about_the_other_kind,
    is_unchanged,
)
from core.delivery.words import cut

T = TypeVar("T")

CAPTION_LETTERS = 1024
TEXT_LETTERS = 4096
PHOTO_BYTES = 10_000_000

_CONNECTIONS = 32
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def bot_for(settings: TelegramSettings, answer_within_s: float = 10.0) -> Bot:
    """The one Bot. Nothing is asked of the network yet. To be used by one event loop."""
    request = HTTPXRequest(
        connection_pool_size=_CONNECTIONS,
        connect_timeout=5,
        read_timeout=answer_within_s,
        write_timeout=10,
        media_write_timeout=15,
        pool_timeout=3,
    )
    # Long polling holds its connection for the length of the poll, on a pool of its own.
    polling = HTTPXRequest(connection_pool_size=2, connect_timeout=5, read_timeout=15)
    return Bot(
        settings.token.reveal(),
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=polling,
    )


class TelegramChannel:
    """Sends by a Bot that the poller shares; addresses are chat ids."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, address: str, message: Message) -> Receipt:
        """The picture with the text as caption; the text alone where the picture is refused.

        Where only the picture may be what is wrong, the text goes at once, and the receipt's
        note says so.
        """
        if message.picture_jpeg is None:
            return await self._send_text(address, message)
        if len(message.picture_jpeg) > PHOTO_BYTES:
            return await self._send_text(address, message, "The picture is too large to send.")
        sent = await _answered(self._photo(address, message, message.picture_jpeg))
        if not isinstance(sent, TelegramError):
            return _receipt(sent)
        if is_about_photo(sent):
            return await self._send_text(address, message, "The picture was refused; text only.")
        raise classified(sent)

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """New words under the same picture, new buttons; without buttons they go."""
        message_id = _message_id(message_ref)
        ways = [self._edit_text, self._edit_caption]
        if message.has_picture_before:
            ways.reverse()
        done = await _answered(ways[0](address, message_id, message))
        if isinstance(done, TelegramError) and is_about_the_other_kind(done):
            # The picture had been refused, or it has expired here since.
            done = await _answered(ways[1](address, message_id, message))
        if isinstance(done, TelegramError) and not is_unchanged(done):
            raise classified(done)

    async def close(self) -> None:
        """Lets go of the Bot's connections; the poller must have stopped."""
        await self._bot.shutdown()
        # Trap: a Bot that nobody initialised does nothing there, and sends all the same.
        await self._bot.request.shutdown()

    def _photo(self, address: str, message: Message, jpeg: bytes) -> Awaitable[TelegramMessage]:
        return self._bot.send_photo(
            address,
            jpeg,
            caption=cut(message.text, CAPTION_LETTERS),
            reply_markup=_keyboard(message),
            disable_notification=message.silent,
            filename="alert.jpg",
        )

    def _edit_caption(self, address: str, message_id: int, message: Message) -> Awaitable[object]:
        return self._bot.edit_message_caption(
            address,
            message_id,
            caption=cut(message.text, CAPTION_LETTERS),
            reply_markup=_keyboard(message),
        )

    def _edit_text(self, address: str, message_id: int, message: Message) -> Awaitable[object]:
        return self._bot.edit_message_text(
            cut(message.text, TEXT_LETTERS),
            address,
            message_id,
            reply_markup=_keyboard(message),
            link_preview_options=_NO_PREVIEW,
        )

    async def _send_text(self, address: str, message: Message, note: str = "") -> Receipt:
        sent = await _answered(
            self._bot.send_message(
                address,
                cut(message.text, TEXT_LETTERS),
                reply_markup=_keyboard(message),
                disable_notification=message.silent,
                link_preview_options=_NO_PREVIEW,
            )
        )
        if isinstance(sent, TelegramError):
            raise classified(sent)
        return _receipt(sent, note)


async def _answered(call: Awaitable[T]) -> T | TelegramError:
    # Trap: raised inside the `except`, our error would carry theirs as its context, whose request
    # has the token in its address.
    try:
        return await call
    except TelegramError as error:
        return error


def _receipt(sent: TelegramMessage, note: str = "") -> Receipt:
    return Receipt(f"{sent.chat_id}:{sent.message_id}", note)


def _message_id(message_ref: str) -> int:
    number = message_ref.rpartition(":")[2]
    if not number.isdecimal():
        raise MessageRefusedError("The message to change has no number.", "bad message_ref")
    return int(number)


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in message.buttons
        ]
    )
