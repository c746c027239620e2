"""A secret shows itself only when asked to."""

from __future__ import annotations

import copy
import pickle

import pytest

from core.delivery.secret import Secret
from core.delivery.settings import EmailSettings, TelegramSettings

TEXT = "6000000001:AAFakeTokenThatIsNeverToBeSeen"


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(TEXT)),
        str(Secret(TEXT)),
        f"{Secret(TEXT)}",
        "%s" % Secret(TEXT),  # noqa: UP031  # as logging formats
        repr(TelegramSettings(Secret(TEXT))),
        repr(EmailSettings("host", 25, "user", Secret(TEXT), "a@b.c")),
    ],
)
def test_it_is_not_seen(shown: str) -> None:
    assert TEXT not in shown
    assert "•••" in shown


def test_it_is_there_when_asked_for() -> None:
    assert Secret(TEXT).reveal() == TEXT
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != TEXT
    assert not Secret("")


@pytest.mark.parametrize("write", [pickle.dumps, copy.deepcopy], ids=["pickle", "copy"])
def test_it_is_not_written_anywhere(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError):
        write(Secret(TEXT))
