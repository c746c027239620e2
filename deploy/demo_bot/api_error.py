"""What the Bot API answers when it refuses."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal as a client gets it.

    Attributes:
        error_code: also the status of the HTTP answer.
        description: in the words of Telegram, which clients are known to compare.
        parameters: `retry_after` in seconds or `migrate_to_chat_id`; empty otherwise.
    """

    def __init__(self, error_code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.error_code = error_code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        body = {"ok": False, "error_code": self.error_code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad_request(what: str) -> ApiError:
    """400: the request itself cannot be fulfilled, now or later."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """403: the bot may not, for instance because it was blocked."""
    return ApiError(403, f"Forbidden: {what}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """429: nothing more for so many seconds."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after_s}", retry_after=retry_after_s
    )


def migrated(new_chat_id: int) -> ApiError:
    """400: the group became a supergroup, which has another id."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=new_chat_id,
    )


def conflict() -> ApiError:
    """409, in a getUpdates that still waited when a second one came."""
    return ApiError(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def unauthorized() -> ApiError:
    """401: the token has the right form and belongs to no bot."""
    return ApiError(401, "Unauthorized")


def not_found(what: str = "") -> ApiError:
    """404: no such method, file or form of token."""
    return ApiError(404, f"Not Found: {what}" if what else "Not Found")
