"""Photos that people send: fetched, read and answered one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from core.delivery.bot.incoming import LARGEST_FILE_BYTES, Photo
from core.delivery.bot.photo_words import photo_message
from core.delivery.bot_context import PhotoReader
from core.delivery.channel import Message
from core.delivery.redaction import redacted
from core.errors import MienError

MOST_WAITING = 10
"""As many as one album has."""

BUSY = "I am still reading other photos. Please send this one again in a moment."
TOO_LARGE = "This file is too large: I can read pictures of up to 20 MB."
NOT_FETCHED = "The photo could not be fetched from Telegram. Please send it again."
NOT_READ = "Something went wrong with this photo. Please send it again, or another one."
NO_MODEL = "Photos cannot be read now: no model is installed."

_log = logging.getLogger(__name__)

Say = Callable[[str, Message], Awaitable[None]]
"""Sends a message to an address; says what failed to the log and raises nothing of it."""


class PhotoDesk:
    """Reads photos in a thread of its own, with a reader of its own.

    Only names of files wait here: a photo is fetched when its turn comes, and never kept.

    Args:
        bot: fetches the files.
        reader: None where no model is installed.
        say: answers.
    """

    def __init__(self, bot: Bot, reader: PhotoReader | None, say: Say) -> None:
        self._bot = bot
        self._reader = reader
        self._say = say
        self._waiting: asyncio.Queue[Photo] = asyncio.Queue(MOST_WAITING)
        self._refused_album: str | None = None
        self._thread = ThreadPoolExecutor(1, "bot-photos")

    async def take(self, photo: Photo) -> None:
        """Lays the photo down to be read, or says why not."""
        if self._reader is None:
            await self._say(photo.sender.address, Message(NO_MODEL))
        elif (photo.size_bytes or 0) > LARGEST_FILE_BYTES:
            await self._say(photo.sender.address, Message(TOO_LARGE))
        else:
            try:
                self._waiting.put_nowait(photo)
            except asyncio.QueueFull:
                await self._refuse(photo)

    async def work(self) -> None:
        """Answers photo after photo, until cancelled."""
        while True:
            photo = await self._waiting.get()
            # A fault with one photo must not end the reading of all others.
            (fault,) = await asyncio.gather(self._answer(photo), return_exceptions=True)
            if fault is not None:
                _log.error("A photo could not be answered.", exc_info=fault)
                await self._say(photo.sender.address, Message(NOT_READ))

    def close(self) -> None:
        """Lets the thread go; what it is reading is not answered."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _refuse(self, photo: Photo) -> None:
        """Once for an album."""
        if photo.album is None or photo.album != self._refused_album:
            self._refused_album = photo.album
            await self._say(photo.sender.address, Message(BUSY))

    async def _answer(self, photo: Photo) -> None:
        await self._show_work(photo)
        fetched = await self._fetched(photo)
        message = fetched if isinstance(fetched, Message) else await self._read(fetched)
        await self._say(photo.sender.address, message)

    async def _show_work(self, photo: Photo) -> None:
        with contextlib.suppress(TelegramError):  # only a courtesy
            await self._bot.send_chat_action(photo.sender.address, ChatAction.UPLOAD_PHOTO)

    async def _fetched(self, photo: Photo) -> bytes | Message:
        """The file, or what to say instead."""
        try:
            file = await self._bot.get_file(photo.file_id)
            if (file.file_size or 0) > LARGEST_FILE_BYTES:  # where Telegram did not tell before
                return Message(TOO_LARGE)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            _log.warning("A photo could not be fetched: %s", redacted(str(error)))
            return Message(NOT_FETCHED)

    async def _read(self, data: bytes) -> Message:
        assert self._reader is not None  # noqa: S101  # none is taken without a reader
        loop = asyncio.get_running_loop()
        try:
            return photo_message(await loop.run_in_executor(self._thread, self._reader, data))
        except MienError as error:
            _log.info("A photo was refused: %s", error.cause)
            return Message(error.sentence)
