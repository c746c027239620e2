"""What happens to an upload on its way from the network to Streamlit."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from app.video import arrivals as module
from app.video.arrivals import Arrivals, safe_name
from app.video.upload import VideoUploads
from core.work.folder import WorkFolder
from tests.support.clock import FakeClock

EDGE = "----frontier"
SESSION = "session-1"
VIDEO = os.urandom(3_000_000)


async def _taken(request: Request) -> Response:
    """As Streamlit's route: the form's file, whole."""
    async with request.form() as form:
        file = next(iter(form.values()))
        assert isinstance(file, UploadFile)
        content = await file.read()
    assert int(request.headers["content-length"]) < len(content) + 1000
    return PlainTextResponse(content)


async def _refused(request: Request) -> Response:
    await request.body()
    return Response(status_code=403)


def _form(name: str, content: bytes) -> bytes:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="a"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{EDGE}--\r\n".encode()


def _put(
    arrivals: Arrivals,
    body: bytes,
    *,
    session: str = SESSION,
    route: object = _taken,
    whole: bool = True,
) -> tuple[int, bytes]:
    """Status and body of the answer; the request comes in pieces of an awkward size."""
    inner = Starlette(routes=[Route("/_stcore/upload_file/{s}/{f}", route, methods=["PUT"])])
    app = VideoUploads(inner, lambda: arrivals, lambda asked: asked == SESSION)
    pieces: list[Message] = [
        {"type": "http.request", "body": body[i : i + 60_007], "more_body": True}
        for i in range(0, len(body), 60_007)
    ]
    last: Message = (
        {"type": "http.request", "body": b"", "more_body": False}
        if whole
        else {"type": "http.disconnect"}
    )
    messages = iter([*pieces, last])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/_stcore/upload_file/{session}/1",
        "query_string": b"",
        "headers": [
            (b"content-type", f"multipart/form-data; boundary={EDGE}".encode()),
            (b"content-length", str(len(body)).encode()),
        ],
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def _arrivals(root: Path) -> Arrivals:
    return Arrivals(WorkFolder(root).new_folder, FakeClock())


def _left(root: Path) -> Sequence[Path]:
    return list(root.rglob("*"))


def test_a_video_lies_on_the_disk_and_streamlit_has_a_ticket(tmp_path: Path) -> None:
    arrivals = _arrivals(tmp_path)
    status, ticket = _put(arrivals, _form("Grandma’s film.MP4", VIDEO))
    assert status == 200
    arrival = arrivals.claim(ticket.decode())
    assert arrival is not None
    assert arrival.folder is not None
    assert arrival.path.read_bytes() == VIDEO
    assert arrival.path.name == "Grandma’s film.MP4"
    assert arrival.size_bytes == len(VIDEO)
    assert [oct(p.stat().st_mode)[-3:] for p in (arrival.folder, arrival.path)] == ["700", "600"]
    assert arrivals.claim(ticket.decode()) is None


@pytest.mark.parametrize(
    ("name", "session"),
    [pytest.param("a.jpg", SESSION, id="a picture"), pytest.param("a.mp4", "?", id="no session")],
)
def test_everything_else_passes_as_it_is(tmp_path: Path, name: str, session: str) -> None:
    assert _put(_arrivals(tmp_path), _form(name, VIDEO), session=session) == (
        200,
        VIDEO,
    )
    assert _left(tmp_path) == []


def test_what_streamlit_refuses_does_not_stay(tmp_path: Path) -> None:
    status, _ = _put(_arrivals(tmp_path), _form("a.mp4", VIDEO), route=_refused)
    assert status == 403
    assert _left(tmp_path) == []


def test_a_browser_that_goes_away_leaves_nothing(tmp_path: Path) -> None:
    _put(_arrivals(tmp_path), _form("a.mp4", VIDEO)[:2_000_000], whole=False)
    assert _left(tmp_path) == []


@pytest.mark.parametrize(
    ("constant", "value", "sentence"),
    [
        pytest.param("SPARE_BYTES", 10**18, "no room", id="a full disk"),
        pytest.param("LARGEST_MB", 1, "larger than", id="too large"),
    ],
)
def test_what_cannot_be_kept_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, constant: str, value: int, sentence: str
) -> None:
    monkeypatch.setattr(module, constant, value)
    arrivals = _arrivals(tmp_path)
    status, ticket = _put(arrivals, _form("a.mp4", VIDEO))
    arrival = arrivals.claim(ticket.decode())
    assert status == 200
    assert arrival is not None
    assert sentence in arrival.problem
    assert arrival.folder is None
    assert _left(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        pytest.param("a film.mp4", "a film.mp4", id="as it is"),
        pytest.param("../../etc/film.mp4", "film.mp4", id="folders"),
        pytest.param("C:\\films\\film.mp4", "film.mp4", id="folders of Windows"),
        pytest.param(".mp4", "video.mp4", id="an ending alone"),
        pytest.param("..mp4", "video.mp4", id="dots"),
        pytest.param("a\x00b\n.mp4", "a_b_.mp4", id="what does not print"),
        pytest.param("ä" * 300 + ".webm", "ä" * 100 + ".webm", id="long"),
    ],
)
def test_a_name_is_fit_for_the_disk(name: str, safe: str) -> None:
    assert safe_name(name) == safe
