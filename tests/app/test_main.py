"""What belongs to the server: begun before the first page, ended with it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.formparsers import MultiPartParser

from app.composition import alert_system, settings_store, stores, video_shelf
from core.errors import RecordsError

# The search for the token of the tests goes by another one.
LOOKS_LIKE_A_TOKEN = "bot987654321:" + "Zy" * 18


@pytest.fixture(autouse=True)
def a_server_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    for kept in (settings_store, alert_system, video_shelf):
        kept.cache_clear()
    yield
    for kept in (settings_store, alert_system, video_shelf):
        kept.cache_clear()


def test_before_the_first_visitor_uploads_are_kept_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 0)
    from app import main

    async def start_and_stop() -> int:
        async with main.lifespan(main.app):
            return MultiPartParser.spool_max_size

    largest_bytes = 50 * 1024 * 1024
    assert asyncio.run(start_and_stop()) >= largest_bytes


def test_what_an_earlier_server_left_of_videos_is_erased(tmp_path: Path) -> None:
    left = tmp_path / "work/earlier/video"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"somebody")
    from app import main

    async def start_and_stop() -> bool:
        async with main.lifespan(main.app):
            return left.parent.exists()

    assert not asyncio.run(start_and_stop())


def test_the_alerts_begin_with_the_server_and_end_with_it(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    from app import main

    async def start_and_stop() -> set[str]:
        async with main.lifespan(main.app):
            assert await asyncio.to_thread(stores().recipients.all) == ()
            logging.getLogger("httpx").error("POST https://api/%s/sendMessage", LOOKS_LIKE_A_TOKEN)
            return {thread.name for thread in threading.enumerate()}

    running = asyncio.run(start_and_stop())
    ours = {"alert-desk", "alert-emergency", "alert-system", "mien-delivery", "recorder"}
    assert ours | {"watch-tower"} <= running
    assert (ours | {"watch-tower"}) & {thread.name for thread in threading.enumerate()} == set()
    assert (tmp_path / "mien.db").exists()
    assert LOOKS_LIKE_A_TOKEN not in caplog.text
    assert "sendMessage" in caplog.text
    with pytest.raises(RecordsError):
        stores()
