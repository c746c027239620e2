from __future__ import annotations

import asyncio

import pytest
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from app.uploads import keep_uploads_in_memory

BOUNDARY = "frontier"


def _uploaded(size_bytes: int) -> UploadFile:
    """A file as Streamlit's upload route gets it from Starlette."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"; filename="a.jpg"\r\n\r\n'
    body = head.encode() + bytes(size_bytes) + f"\r\n--{BOUNDARY}--\r\n".encode()
    content_type = f"multipart/form-data; boundary={BOUNDARY}".encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def read() -> UploadFile:
        file = (await Request(scope, receive).form())["a"]
        assert isinstance(file, UploadFile)
        return file

    scope = {"type": "http", "method": "PUT", "headers": [(b"content-type", content_type)]}
    return asyncio.run(read())


@pytest.mark.parametrize(
    "kept", [pytest.param(True, id="mended"), pytest.param(False, id="as it comes")]
)
def test_a_large_picture_is_not_written_to_disk(
    monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    # Starlette's own: a test that started the server has mended it for the whole process.
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)
    if kept:
        keep_uploads_in_memory()
    file = _uploaded(5_000_000)
    assert file.size == 5_000_000
    assert file._in_memory is kept
    file.file.close()
