"""What happens to photos that cannot be answered at once, or at all."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field

import pytest
from telegram.error import TimedOut

from core.delivery.bot.incoming import LARGEST_FILE_BYTES, Photo, Sender
from core.delivery.bot.photo_words import NO_FACE
from core.delivery.bot.photos import (
    BUSY,
    MOST_WAITING,
    NO_MODEL,
    NOT_FETCHED,
    NOT_READ,
    TOO_LARGE,
    PhotoDesk,
)
from core.delivery.bot_context import PhotoReader
from core.delivery.channel import Message
from core.errors import ModelError, PhotoError
from core.stills.photo_reader import PhotoAnswer
from tests.support.updates import ANNA, NOON


@dataclass
class FakeFile:
    """On Telegram's server."""

    data: bytes = b"photo"
    file_size: int | None = 5

    async def download_as_bytearray(self) -> bytearray:
        return bytearray(self.data)


@dataclass
class FakeBot:
    """Knows one file; fails as it is told."""

    file: FakeFile = field(default_factory=FakeFile)
    failure: Exception | None = None

    async def get_file(self, file_id: str) -> FakeFile:
        if self.failure is not None:
            raise self.failure
        return self.file

    async def send_chat_action(self, chat_id: str, action: str) -> None:
        raise TimedOut  # a courtesy may fail


def nobody(photo: bytes) -> PhotoAnswer:
    return PhotoAnswer(photo, (), 0.45)


def photo(size_bytes: int | None = 5, album: str | None = None) -> Photo:
    return Photo(Sender(str(ANNA), "Anna", "Anna", False), NOON, "file", size_bytes, album)


def answers(photos: list[Photo], reader: PhotoReader | None, bot: FakeBot, count: int) -> list[str]:
    """What is said, until so much was."""
    said: list[str] = []

    async def run() -> None:
        done = asyncio.Event()

        async def say(address: str, message: Message) -> None:
            assert address == str(ANNA)
            said.append(message.text)
            if len(said) == count:
                done.set()

        desk = PhotoDesk(bot, reader, say)  # type: ignore[arg-type]
        for one in photos:
            await desk.take(one)
        working = asyncio.create_task(desk.work())
        async with asyncio.timeout(30):
            await done.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        desk.close()

    asyncio.run(run())
    return said


def refusing(error: Exception) -> PhotoReader:
    def read(_: bytes) -> PhotoAnswer:
        raise error

    return read


@pytest.mark.parametrize(
    ("size_bytes", "reader", "bot", "said"),
    [
        pytest.param(5, None, FakeBot(), NO_MODEL, id="no model"),
        pytest.param(LARGEST_FILE_BYTES + 1, nobody, FakeBot(), TOO_LARGE, id="too large"),
        pytest.param(
            None,
            nobody,
            FakeBot(FakeFile(file_size=LARGEST_FILE_BYTES + 1)),
            TOO_LARGE,
            id="too large, and told late",
        ),
        pytest.param(5, nobody, FakeBot(failure=TimedOut()), NOT_FETCHED, id="not fetched"),
        pytest.param(
            5, refusing(PhotoError("It is damaged.", "zlib")), FakeBot(), "It is damaged.", id="bad"
        ),
        pytest.param(
            5, refusing(ModelError("“tiny” is gone.")), FakeBot(), "“tiny” is gone.", id="bad model"
        ),
        pytest.param(5, refusing(ZeroDivisionError("a fault")), FakeBot(), NOT_READ, id="a fault"),
        pytest.param(5, nobody, FakeBot(failure=RuntimeError("a fault")), NOT_READ, id="another"),
    ],
)
def test_each_trouble_has_its_sentence(
    size_bytes: int | None,
    reader: PhotoReader | None,
    bot: FakeBot,
    said: str,
) -> None:
    assert answers([photo(size_bytes)], reader, bot, 1) == [said]


def test_a_photo_that_fails_stops_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    outcomes = [ZeroDivisionError("a fault"), None]

    def read(data: bytes) -> PhotoAnswer:
        if (error := outcomes.pop(0)) is not None:
            raise error
        return nobody(data)

    with caplog.at_level(logging.INFO):
        first, second = answers([photo(), photo()], read, FakeBot(), 2)
    assert first == NOT_READ
    assert second.startswith(NO_FACE)
    assert "ZeroDivisionError" in caplog.text
    assert str(ANNA) not in caplog.text


@pytest.mark.parametrize(
    ("album", "refusals"),
    [pytest.param(None, 3, id="single photos"), pytest.param("holiday", 1, id="an album")],
)
def test_more_than_can_wait_is_refused_politely(album: str | None, refusals: int) -> None:
    photos = [photo(album=album) for _ in range(MOST_WAITING + 3)]
    said = answers(photos, nobody, FakeBot(), MOST_WAITING + refusals)
    assert said[:refusals] == [BUSY] * refusals
    assert all(text.startswith(NO_FACE) for text in said[refusals:])


def test_one_photo_at_a_time_is_read_in_a_thread_of_its_own() -> None:
    threads: set[int] = set()
    reading = threading.Lock()

    def read(data: bytes) -> PhotoAnswer:
        assert reading.acquire(blocking=False)
        threads.add(threading.get_ident())
        reading.release()
        return nobody(data)

    answers([photo() for _ in range(5)], read, FakeBot(), 5)
    assert len(threads) == 1
    assert threading.get_ident() not in threads
