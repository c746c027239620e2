from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.formparsers import MultiPartParser

from app.composition import alert_system, settings_store


def test_before_the_first_visitor_uploads_are_kept_in_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 0)
    settings_store.cache_clear()
    alert_system.cache_clear()
    from app import main

    async def start_and_stop() -> int:
        async with main.lifespan(main.app):
            return MultiPartParser.spool_max_size

    largest_bytes = 50 * 1024 * 1024
    assert asyncio.run(start_and_stop()) >= largest_bytes
    settings_store.cache_clear()
    alert_system.cache_clear()
