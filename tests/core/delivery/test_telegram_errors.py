"""The table of Telegram's errors, with the causes that a network has."""

from __future__ import annotations

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from core.delivery.channel import (
    ChannelDeadError,
    MaybeSentError,
    MessageRefusedError,
    NeverSentError,
    RecipientGoneError,
    RecipientMovedError,
    WaitAskedError,
)
from core.delivery.telegram_errors import classified, is_about_photo
from core.errors import DeliveryError

TOKEN = "6000000001:AAFakeTokenThatIsNeverToBeSeen_-0123"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(RetryAfter(5), WaitAskedError, id="flood"),
        pytest.param(ChatMigrated(-100), RecipientMovedError, id="migrated"),
        pytest.param(Forbidden("bot was blocked by the user"), RecipientGoneError, id="blocked"),
        pytest.param(InvalidToken("Unauthorized"), ChannelDeadError, id="token"),
        pytest.param(BadRequest("Chat not found"), RecipientGoneError, id="chat not found"),
        pytest.param(
            BadRequest("Have no rights to send a message"), RecipientGoneError, id="no rights"
        ),
        pytest.param(BadRequest("Message is too long"), MessageRefusedError, id="other"),
        pytest.param(TelegramError("Invalid server response"), MaybeSentError, id="unreadable"),
        pytest.param(NetworkError("Bad Gateway"), NeverSentError, id="502"),
        pytest.param(TimedOut(), MaybeSentError, id="timed out, nobody knows where"),
        *(
            pytest.param(caused(TimedOut(), cause("")), expected, id=cause.__name__)
            for cause, expected in (
                (httpx.ConnectTimeout, NeverSentError),
                (httpx.PoolTimeout, NeverSentError),
                (httpx.ReadTimeout, MaybeSentError),
                (httpx.WriteTimeout, MaybeSentError),
            )
        ),
        *(
            pytest.param(caused(NetworkError(""), cause("")), expected, id=cause.__name__)
            for cause, expected in (
                (httpx.ConnectError, NeverSentError),
                (httpx.ProxyError, NeverSentError),
                (httpx.ReadError, MaybeSentError),
                (httpx.WriteError, MaybeSentError),
                (httpx.RemoteProtocolError, MaybeSentError),
            )
        ),
    ],
)
def test_what_it_means(error: TelegramError, expected: type[DeliveryError]) -> None:
    meaning = classified(error)
    assert type(meaning) is expected
    assert meaning.sentence.endswith(".")


@pytest.mark.parametrize(
    ("error", "photo"),
    [
        pytest.param(BadRequest("PHOTO_INVALID_DIMENSIONS"), True, id="dimensions"),
        pytest.param(BadRequest("IMAGE_PROCESS_FAILED"), True, id="not a picture"),
        pytest.param(BadRequest("Not enough rights to send photos to the chat"), True, id="rights"),
        pytest.param(NetworkError("Request Entity Too Large"), True, id="413"),
        pytest.param(BadRequest("Chat not found"), False, id="chat"),
        pytest.param(BadRequest("BUTTON_DATA_INVALID"), False, id="button"),
        pytest.param(NetworkError("Bad Gateway"), False, id="502"),
        pytest.param(Forbidden("bot was blocked by the user"), False, id="blocked"),
    ],
)
def test_whether_the_picture_is_to_blame(error: TelegramError, photo: bool) -> None:
    assert is_about_photo(error) == photo


def test_causes_hold_no_token_and_no_whole_page() -> None:
    error = NetworkError(f"httpx.InvalidURL: https://host/bot{TOKEN}/sendPhoto " + "<html>" * 500)
    cause = classified(error).cause
    assert TOKEN not in cause
    assert len(cause) <= 300
