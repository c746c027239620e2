from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.secrets_file import SECRETS, UNREADABLE, delivery_settings_from

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFakeFak"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_API_URL", "SMTP_HOST"):
        monkeypatch.delenv(f"MIEN_{name}", raising=False)


def write(root: Path, text: str) -> None:
    (root / SECRETS).parent.mkdir()
    (root / SECRETS).write_text(text)


def test_the_file_is_read_without_a_session(tmp_path: Path) -> None:
    write(tmp_path, f'[telegram]\ntoken = "{TOKEN}"\napi_url = "http://localhost:1"\n')
    settings = delivery_settings_from(tmp_path)
    assert settings.telegram is not None
    assert settings.telegram.token.reveal() == TOKEN
    assert settings.telegram.api_url == "http://localhost:1"
    assert any("E-mail" in sentence for sentence in settings.missing)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, '[telegram]\ntoken = "1:x"\n')
    monkeypatch.setenv("MIEN_TELEGRAM_TOKEN", TOKEN)
    settings = delivery_settings_from(tmp_path)
    assert settings.telegram is not None
    assert settings.telegram.token.reveal() == TOKEN


def test_without_a_file_it_is_said_what_is_missing(tmp_path: Path) -> None:
    settings = delivery_settings_from(tmp_path)
    assert settings.telegram is None
    assert len(settings.missing) == 2


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f'[telegram]\ntoken = "{TOKEN}\n'.encode(), id="no TOML"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_a_broken_file_is_said_and_never_quoted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    write(tmp_path, "")
    (tmp_path / SECRETS).write_bytes(content)
    with caplog.at_level(logging.DEBUG):
        settings = delivery_settings_from(tmp_path)
    assert settings.missing[0] == UNREADABLE
    assert TOKEN not in caplog.text + " ".join(settings.missing)
