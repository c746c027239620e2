"""No log line holds a token or password."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator

import pytest

from core.delivery.redaction import hide, install, redacted
from core.delivery.secret import Secret

TOKEN = "6000000001:AAFakeTokenThatIsNeverToBeSeen_-0123"
PASSWORD = "correct horse battery"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a handler of its own writes, as any library may add one."""
    before = logging.getLogRecordFactory()
    install()
    install()
    hide([Secret(PASSWORD), Secret(""), Secret("a")])
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(message)s %(stack_info)s"))
    logging.getLogger("drill").addHandler(handler)
    yield written
    logging.getLogger("drill").removeHandler(handler)
    logging.setLogRecordFactory(before)


def _plain() -> None:
    logging.getLogger("drill").error(f"https://api.telegram.org/bot{TOKEN}/sendPhoto")


def _argument() -> None:
    logging.getLogger("drill").error("%s said %s", {"url": f"bot{TOKEN}"}, PASSWORD)


def _wrong_arguments() -> None:
    logging.getLogger("drill").error("%d %d", PASSWORD, TOKEN)


def _with_stack() -> None:
    secret = TOKEN
    logging.getLogger("drill").error("Here is %s", secret, stack_info=True)


def _chained() -> None:
    try:
        try:
            raise ValueError(f"POST /bot{TOKEN}/getUpdates")
        except ValueError as error:
            raise RuntimeError(f"password {PASSWORD}") from error
    except RuntimeError:
        logging.getLogger("drill").exception("It failed.")


def _from_another_thread() -> None:
    thread = threading.Thread(target=_chained)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    "say",
    [_plain, _argument, _wrong_arguments, _with_stack, _chained, _from_another_thread],
)
def test_whatever_is_logged_is_clean(log: io.StringIO, say: object) -> None:
    assert callable(say)
    say()
    assert log.getvalue().strip()
    assert "•••" in log.getvalue()
    assert TOKEN not in log.getvalue()
    assert TOKEN.partition(":")[2] not in log.getvalue()
    assert PASSWORD not in log.getvalue()


def test_a_traceback_keeps_all_but_the_secret(log: io.StringIO) -> None:
    _chained()
    assert "Traceback" in log.getvalue()
    assert "The above exception was the direct cause" in log.getvalue()
    assert "RuntimeError: password •••" in log.getvalue()


def test_other_words_stay_as_they_are(log: io.StringIO) -> None:
    logging.getLogger("drill").warning("Delivery %d at %s", 17, "14:02:11")
    assert log.getvalue().startswith("Delivery 17 at 14:02:11")


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram"])
def test_libraries_that_log_addresses_are_quiet(log: io.StringIO, name: str) -> None:
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert logging.getLogger(name).isEnabledFor(logging.WARNING)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        pytest.param(f"bot{TOKEN}/x", "•••/x", id="with bot before"),
        pytest.param(f"bot{TOKEN.replace(':', '%3A')}/x", "•••/x", id="escaped"),
        pytest.param("at 2026-11-20 14:02:11 it was", "at 2026-11-20 14:02:11 it was", id="time"),
        pytest.param("123456:short", "123456:short", id="too short for a token"),
    ],
)
def test_what_looks_like_a_token_is_hidden_even_if_unknown(text: str, clean: str) -> None:
    assert redacted(text) == clean
