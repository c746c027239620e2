"""The alerts of a server without its pages: a new database, and no channel set up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import composition
from app.alert_system import AlertSystem


@contextmanager
def running_alert_system(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSystem]:
    """What `app.composition` gives out meanwhile."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(data_dir))
    for name in ("MIEN_TELEGRAM_TOKEN", "MIEN_SMTP_HOST", "MIEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    _forget()
    system = composition.alert_system()
    system.start()
    try:
        yield system
    finally:
        system.stop()
        _forget()


def _forget() -> None:
    composition.settings_store.cache_clear()
    composition.alert_system.cache_clear()
