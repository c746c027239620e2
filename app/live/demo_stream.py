"""The demo's picture on its way to the browser.

Over HTTP, as one JPEG after the other in an image that never ends: the clip comes from the server,
so it needs none of WebRTC's ways through networks, and plays also where a camera cannot connect.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.own_routes import own_route

LOOK_EVERY_S = 0.015
_BOUNDARY = "mien"
_HEADERS = {
    "Cache-Control": "no-store",
    # Trap: Streamlit compresses what names no encoding, and holds the pictures back to do so; a
    # proxy in between may do the like.
    "Content-Encoding": "identity",
    "X-Accel-Buffering": "no",
}


class MovingPicture:
    """The newest picture, written by one thread; whoever knows its address may look.

    Attributes:
        jpeg: None before the first.
        is_over: no other will come.
    """

    def __init__(self) -> None:
        self.jpeg: bytes | None = None
        self.is_over = False
        self._token = secrets.token_urlsafe(16)
        _pictures[self._token] = self

    @property
    def address(self) -> str:
        """For the browser: absolute, on this server."""
        return _path(self._token)


_pictures: WeakValueDictionary[str, MovingPicture] = WeakValueDictionary()


def route_path() -> str:
    """Where the server is to answer with `moving_picture`."""
    return _path("{token}")


def _path(token: str) -> str:
    return own_route("demo", token)


async def moving_picture(request: Request) -> Response:
    """The picture of this address as long as it moves; 404 where there is none."""
    picture = _pictures.get(request.path_params["token"])
    if picture is None:
        return Response(status_code=404)
    kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
    return StreamingResponse(_parts(picture), media_type=kind, headers=_HEADERS)


async def _parts(picture: MovingPicture) -> AsyncIterator[bytes]:
    sent: bytes | None = None
    yield f"--{_BOUNDARY}\r\n".encode()
    while not picture.is_over:
        jpeg = picture.jpeg
        if jpeg is not None and jpeg is not sent:
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            # Browsers show a picture once they have seen the boundary after it.
            yield b"".join((head.encode(), jpeg, f"\r\n--{_BOUNDARY}\r\n".encode()))
            sent = jpeg
        await asyncio.sleep(LOOK_EVERY_S)
