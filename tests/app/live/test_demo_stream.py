from __future__ import annotations

import asyncio
import gc
import io
from dataclasses import dataclass, field

import pytest
import streamlit as st
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from app.live.demo_stream import LOOK_EVERY_S, MovingPicture, moving_picture, route_path


def jpeg(grey: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (8, 8), grey).save(buffer, "JPEG")
    return buffer.getvalue()


PICTURES = [jpeg(grey) for grey in (10, 100, 200)]


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def pictures(self) -> list[bytes]:
        """Of a moving picture, which ends each with a boundary."""
        before, *framed, after = self.body.split(b"--mien\r\n")
        assert before == after == b""
        return [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in framed]


class Browser:
    """Asks the server's route as uvicorn does."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def ask(self, address: str) -> Answer:
        app = Starlette(routes=[Route(route_path(), moving_picture)])
        answer = Answer()

        async def receive() -> Message:
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            else:
                answer.body += message["body"]

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "method": "GET",
            "path": address, "root_path": "", "headers": [], "query_string": b"",
        }  # fmt: skip
        await asyncio.wait_for(app(scope, receive, send), timeout=30)
        return answer


def ask(address: str) -> Answer:
    return asyncio.run(Browser().ask(address))


def test_each_new_picture_is_sent_once_until_the_last() -> None:
    async def watch() -> None:
        picture = MovingPicture()
        answering = asyncio.create_task(Browser().ask(picture.address))
        for data in PICTURES:
            picture.jpeg = data
            await asyncio.sleep(LOOK_EVERY_S * 10)
        picture.is_over = True
        answer = await answering
        assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=mien"
        assert answer.headers["content-encoding"] == "identity"
        assert answer.pictures() == PICTURES

    asyncio.run(watch())


def test_a_browser_that_leaves_ends_the_answer() -> None:
    async def watch() -> None:
        picture, browser = MovingPicture(), Browser()
        picture.jpeg = PICTURES[0]
        answering = asyncio.create_task(browser.ask(picture.address))
        await asyncio.sleep(LOOK_EVERY_S * 10)
        assert not answering.done()
        browser.left.set()
        assert (await answering).pictures() == PICTURES[:1]

    asyncio.run(watch())


def test_an_ended_picture_answers_at_once() -> None:
    picture = MovingPicture()
    picture.is_over = True
    assert (ask(picture.address)).pictures() == []


def test_an_address_that_nobody_gave_is_not_found() -> None:
    assert (ask("/demo/guessed")).status == 404


def test_a_picture_that_nobody_keeps_is_gone() -> None:
    address = MovingPicture().address
    gc.collect()
    assert (ask(address)).status == 404


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        pytest.param("", "/demo/{token}", id="at the root"),
        pytest.param("mien", "/mien/demo/{token}", id="below a path"),
        pytest.param("/mien/", "/mien/demo/{token}", id="with slashes"),
    ],
)
def test_the_address_stands_below_the_servers_own_path(
    monkeypatch: pytest.MonkeyPatch, base: str, expected: str
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.__getitem__)
    assert route_path() == expected
