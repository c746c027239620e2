"""What each answer of Telegram means, as one of our errors."""

from __future__ import annotations

from datetime import timedelta

import httpx
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
from core.delivery.redaction import redacted
from core.errors import DeliveryError

# The request had not left: no connection was made, or none was free.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# The request had left, at least in part; whether it was acted on is unknown.
_WHILE_SENDING = (
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.DecodingError,
)

_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send text",
)
_PHOTO = ("photo", "image", "file", "media", "wrong remote", "failed to get http url")


def classified(error: TelegramError) -> DeliveryError:  # noqa: PLR0911  # a table
    """Our error for theirs. Raise it outside of the `except`: its context would hold the token."""
    # A proxy's answer may be a whole page.
    cause = redacted(f"{type(error).__name__}: {error.message}")[:300]
    # Trap: the order matters, BadRequest and TimedOut are NetworkErrors.
    match error:
        case RetryAfter():
            return WaitAskedError(_wait_s(error), cause)
        case ChatMigrated():
            return RecipientMovedError(str(error.new_chat_id), "ChatMigrated")
        case Forbidden():
            return RecipientGoneError("Telegram does not let us write to this chat.", cause)
        case InvalidToken():
            return ChannelDeadError("Telegram does not accept the bot's token.", cause)
        case BadRequest():
            return _of_bad_request(error, cause)
        case TimedOut():
            return _of_timeout(error, cause)
        case NetworkError():
            return _of_network(error, cause)
        case _:
            return MaybeSentError("Telegram's answer could not be read.", cause)


def is_about_photo(error: TelegramError) -> bool:
    """The picture is refused; the text alone may go."""
    if not isinstance(error, BadRequest):
        return "too large" in error.message.lower()  # 413, from a proxy or the server itself
    message = error.message.lower()
    return not _says(message, _GONE) and _says(message, _PHOTO)


def is_about_the_other_kind(error: TelegramError) -> bool:
    """A caption is to be edited where there is a text, or the other way round."""
    return isinstance(error, BadRequest) and _says(
        error.message.lower(), ("there is no caption", "there is no text")
    )


def is_unchanged(error: TelegramError) -> bool:
    """The message already reads like that."""
    return isinstance(error, BadRequest) and "not modified" in error.message.lower()


def _of_bad_request(error: BadRequest, cause: str) -> DeliveryError:
    if _says(error.message.lower(), _GONE):
        return RecipientGoneError("Telegram does not know this chat any more.", cause)
    return MessageRefusedError("Telegram refused the message.", cause)


def _of_timeout(error: TimedOut, cause: str) -> DeliveryError:
    if isinstance(error.__cause__, _BEFORE_SENDING):
        return NeverSentError("Telegram could not be reached in time.", cause)
    return MaybeSentError("Telegram did not answer in time; it may have arrived.", cause)


def _of_network(error: NetworkError, cause: str) -> DeliveryError:
    if isinstance(error.__cause__, _WHILE_SENDING):
        return MaybeSentError("The connection to Telegram broke; it may have arrived.", cause)
    if isinstance(error.__cause__, httpx.HTTPError):
        return NeverSentError("Telegram could not be reached.", cause)
    return NeverSentError("Telegram answered that it cannot work now.", cause)


def _wait_s(error: RetryAfter) -> float:
    # The type of this attribute depends on PTB_TIMEDELTA.
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _says(message: str, any_of: tuple[str, ...]) -> bool:
    return any(words in message for words in any_of)
