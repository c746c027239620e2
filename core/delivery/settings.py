"""Which channels are set up, from the environment or `.streamlit/secrets.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from core.delivery.secret import Secret

API_URL = "https://api.telegram.org"

Security = Literal["starttls", "tls", "none"]
PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}

_TOKEN = re.compile(r"\d+:[\w-]{20,}")


@dataclass(frozen=True)
class TelegramSettings:
    """A bot: its token, and the Bot API server, for those who host their own."""

    token: Secret
    api_url: str = API_URL


@dataclass(frozen=True)
class EmailSettings:
    """A mail server that takes our messages. Without a user nobody logs in."""

    host: str
    port: int
    user: str
    password: Secret
    sender: str
    security: Security = "starttls"


@dataclass(frozen=True)
class DeliverySettings:
    """What is set up; `missing` tells in sentences what is not, never a value."""

    telegram: TelegramSettings | None = None
    email: EmailSettings | None = None
    missing: tuple[str, ...] = ()


class _Missing(Exception):  # noqa: N818  # never leaves this module
    """A sentence about what is not set up."""


def settings_from(
    environment: Mapping[str, str], secrets_toml: Mapping[str, object]
) -> DeliverySettings:
    """The environment wins over the file, value by value. Never raises for wrong values."""
    missing = []
    telegram, email = None, None
    try:
        telegram = _telegram(_values("telegram", _TELEGRAM, environment, secrets_toml))
    except _Missing as gap:
        missing.append(str(gap))
    try:
        email = _email(_values("email", _EMAIL, environment, secrets_toml))
    except _Missing as gap:
        missing.append(str(gap))
    return DeliverySettings(telegram, email, tuple(missing))


_TELEGRAM = {"token": "MIEN_TELEGRAM_TOKEN", "api_url": "MIEN_TELEGRAM_API_URL"}
_EMAIL = {
    "host": "MIEN_SMTP_HOST",
    "port": "MIEN_SMTP_PORT",
    "user": "MIEN_SMTP_USER",
    "password": "MIEN_SMTP_PASSWORD",
    "from": "MIEN_SMTP_FROM",
    "security": "MIEN_SMTP_SECURITY",
}


def _values(
    section: str,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
    secrets_toml: Mapping[str, object],
) -> dict[str, str]:
    written = secrets_toml.get(section)
    of_file = written if isinstance(written, Mapping) else {}
    return {
        key: (environment.get(variable) or str(of_file.get(key, ""))).strip()
        for key, variable in variables.items()
    }


def _telegram(values: Mapping[str, str]) -> TelegramSettings:
    if not values["token"]:
        raise _Missing(
            "Telegram is not set up: put the bot's token into MIEN_TELEGRAM_TOKEN, or as `token` "
            "under [telegram] in .streamlit/secrets.toml."
        )
    if not _TOKEN.fullmatch(values["token"]):
        raise _Missing(
            "Telegram's token does not look like one: digits, a colon, and the letters that "
            "BotFather gave."
        )
    api_url = values["api_url"].rstrip("/") or API_URL
    if not api_url.startswith(("https://", "http://")):
        raise _Missing("The address of Telegram's Bot API server must begin with https:// .")
    return TelegramSettings(Secret(values["token"]), api_url)


def _email(values: Mapping[str, str]) -> EmailSettings:
    if not values["host"]:
        raise _Missing(
            "E-mail is not set up: name a mail server in MIEN_SMTP_HOST, or as `host` under "
            "[email] in .streamlit/secrets.toml."
        )
    security = values["security"].lower() or "starttls"
    if security not in PORTS:
        raise _Missing("E-mail: `security` must be starttls, tls or none.")
    port = values["port"] or str(PORTS[cast(Security, security)])
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise _Missing("E-mail: `port` must be a number up to 65535.")
    sender = values["from"] or values["user"]
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        raise _Missing("E-mail: MIEN_SMTP_FROM must be the address that messages come from.")
    if bool(values["user"]) != bool(values["password"]):
        raise _Missing("E-mail: give both a user and a password, or neither.")
    return EmailSettings(
        values["host"],
        int(port),
        values["user"],
        Secret(values["password"]),
        sender,
        cast(Security, security),
    )
