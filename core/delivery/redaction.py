"""Keeps tokens and passwords out of every log line."""

from __future__ import annotations

import logging
import re
import threading
import traceback
from collections.abc import Iterable

from core.delivery.secret import Secret

DOTS = "•••"

# What a Bot API token looks like, also inside an address: bot123456789:AAE…
_TOKEN = re.compile(r"(?:bot)?\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE)

_LOUD = ("httpx", "httpcore", "telegram", "telegram.ext")

_lock = threading.Lock()
_known: frozenset[str] = frozenset()


def hide(secrets: Iterable[Secret]) -> None:
    """From now on these texts become dots as well. Very short ones would hide half of a log."""
    global _known  # noqa: PLW0603  # one process, one log
    with _lock:
        _known = _known | {secret.reveal() for secret in secrets if len(secret.reveal()) >= 4}


def redacted(text: str) -> str:
    """The text with dots for all that is secret."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, DOTS)
    return _TOKEN.sub(DOTS, text)


def install() -> None:
    """Every log record of this process is redacted where it is made; safe to call again.

    Not a filter on each handler: handlers come later too (Streamlit adds its own), and a record
    that is clean from the start is clean for all of them.
    """
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    before = logging.getLogRecordFactory()
    if not isinstance(before, _RedactingFactory):
        logging.setLogRecordFactory(_RedactingFactory(before))


class _RedactingFactory:
    def __init__(self, before: object) -> None:
        self._before = before

    def __call__(self, *args: object, **kwargs: object) -> logging.LogRecord:
        assert callable(self._before)  # noqa: S101  # for the type checker
        record: logging.LogRecord = self._before(*args, **kwargs)
        _redact(record)
        return record


def _redact(record: logging.LogRecord) -> None:
    try:
        record.msg, record.args = redacted(record.getMessage()), ()
    except (TypeError, ValueError, KeyError):
        # A record whose arguments don't fit: logging says so itself, and prints them.
        record.msg, record.args = redacted(f"{record.msg} {record.args}"), ()
    if record.exc_info and record.exc_info[0] is not None:
        lines = traceback.format_exception(*record.exc_info)
        record.exc_text, record.exc_info = redacted("".join(lines).rstrip("\n")), None
    if record.stack_info:
        record.stack_info = redacted(record.stack_info)
