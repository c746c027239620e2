"""An uploaded video goes from the network into its file; Streamlit gets a ticket in its place.

Streamlit takes every upload into memory and keeps it there: half a gigabyte, twice that while it
arrives. So what its uploader sends is looked at first. The content of a video is written to the
disk, and Streamlit is handed the same request with a ticket for content; everything else (the
session, the protection against forged requests, pictures) stays its business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.video.arrivals import Arrival, Arrivals, Intake

KINDS = ("mp4", "m4v", "webm", "avi", "mov", "mkv")
"""Endings of what is taken for a video before anybody has looked into it."""

_BLOCK_BYTES = 1024 * 1024
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/[^/]+$")


def is_video(name: str) -> bool:
    """By its ending."""
    return name.lower().endswith(tuple(f".{kind}" for kind in KINDS))


class VideoUploads:
    """ASGI middleware, to stand before Streamlit's own.

    Args:
        app: what comes after it.
        arrivals: where videos wait for the page.
        is_session: whether a browser's session of this id is connected.
    """

    def __init__(
        self, app: ASGIApp, arrivals: Callable[[], Arrivals], is_session: Callable[[str], bool]
    ) -> None:
        self._app = app
        self._arrivals = arrivals
        self._is_session = is_session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes videos over; everything else passes as it is."""
        boundary = self._boundary(scope)
        if boundary is None:
            await self._app(scope, receive, send)
            return
        part = _FilePart(boundary)
        seen = await _read_head(part, receive)
        if not (part.begun and is_video(part.file_name)):
            await self._app(scope, _with_first(seen, receive), send)
            return
        arrivals = self._arrivals()
        length = Headers(scope=scope).get("content-length", "")
        expected_bytes = int(length) if length.isdecimal() else 0
        intake = await run_in_threadpool(Intake, arrivals, part.file_name, expected_bytes)
        arrival = await _write(part, seen[-1], intake, receive)
        if arrival is None:
            await Response(status_code=400)(scope, receive, send)
        else:
            await self._hand_over(arrivals.wait(arrival), part, scope, receive, send)

    def _boundary(self, scope: Scope) -> bytes | None:
        """Of a form that may hold a video; None for everything else."""
        if scope["type"] != "http" or scope["method"] != "PUT":
            return None
        found = _UPLOAD.search(scope["path"])
        if found is None or not self._is_session(found["session"]):
            return None
        _, options = parse_options_header(Headers(scope=scope).get("content-type"))
        return options.get(b"boundary")

    async def _hand_over(
        self, ticket: str, part: _FilePart, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Streamlit takes the ticket, or refuses the upload; then nothing of it stays."""
        accepted = False

        async def noting(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "http.response.start":
                accepted = message["status"] < 300
            await send(message)

        body = part.with_content(ticket.encode())
        request: Message = {"type": "http.request", "body": body, "more_body": False}
        try:
            await self._app(_of_length(scope, len(body)), _with_first([request], receive), noting)
        finally:
            if not accepted:
                await run_in_threadpool(self._arrivals().drop, ticket)


class _FilePart:
    """The first part of a form, as it comes in.

    Attributes:
        begun: its headers are complete.
        broken: this is no form.
        data: of its content, what came and was not taken yet.
    """

    def __init__(self, boundary: bytes) -> None:
        self.begun = self.broken = False
        self.data = bytearray()
        self._boundary = boundary
        self._headers: list[tuple[bytes, bytes]] = []
        self._name, self._value = bytearray(), bytearray()
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": self._add_name,
                "on_header_value": self._add_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._begin,
                "on_part_data": self._add_data,
                "on_part_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the form."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            self.broken = True

    def take(self) -> bytes:
        """The content that came since the last time."""
        taken = bytes(self.data)
        self.data.clear()
        return taken

    @property
    def file_name(self) -> str:
        """As the browser says; "" where it says none."""
        _, options = parse_options_header(dict(self._headers).get(b"content-disposition"))
        return options.get(b"filename", b"").decode("utf-8", "replace")

    def with_content(self, content: bytes) -> bytes:
        """A form of this part alone, with another content."""
        headers = [b": ".join(header) for header in self._headers]
        edge = b"--" + self._boundary
        return b"\r\n".join([edge, *headers, b"", content, edge + b"--", b""])

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if not self.begun:
            self._headers.append((bytes(self._name).lower(), bytes(self._value)))
        self._name.clear()
        self._value.clear()

    def _begin(self) -> None:
        self.begun = True

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if not self._ended:
            self.data += data[start:end]

    def _end(self) -> None:
        self._ended = True


async def _read_head(part: _FilePart, receive: Receive) -> list[Message]:
    """What came until the part's headers were complete, or could not be any more."""
    seen: list[Message] = []
    more = True
    while more and not part.begun and not part.broken:
        message = await receive()
        seen.append(message)
        part.feed(message.get("body", b""))
        more = message.get("more_body", False)
    return seen


async def _write(
    part: _FilePart, message: Message, intake: Intake, receive: Receive
) -> Arrival | None:
    """The whole content; None where it has no end, as when the browser went away.

    Each block is written in a thread: this loop also carries the cameras' pictures.
    """
    while message.get("more_body", False):
        message = await receive()
        part.feed(message.get("body", b""))
        if len(part.data) >= _BLOCK_BYTES:
            await run_in_threadpool(intake.write, part.take())
    if message["type"] == "http.disconnect" or part.broken:
        await run_in_threadpool(intake.abandon)
        return None
    await run_in_threadpool(intake.write, part.take())
    return await run_in_threadpool(intake.finish)


def _with_first(messages: Sequence[Message], receive: Receive) -> Receive:
    """These messages, then whatever comes."""
    left = iter(messages)

    async def receive_next() -> Message:
        return next(left, None) or await receive()

    return receive_next


def _of_length(scope: Scope, length: int) -> Scope:
    changed = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=changed)
    headers["content-length"] = str(length)
    if "transfer-encoding" in headers:
        del headers["transfer-encoding"]
    return changed
