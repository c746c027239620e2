"""Updates as Telegram sends them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from telegram import Update

BOT_NAME = "MienTestBot"
ANNA, GROUP = 4711, -100_815
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

_ids = count(1)


def chat(chat_id: int = ANNA) -> dict[str, Any]:
    """A private chat, or a group for negative ids, as Telegram numbers them."""
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": "Family"}
    return {"id": chat_id, "type": "private", "first_name": "Anna"}


def user(user_id: int = ANNA, first_name: str = "Anna") -> dict[str, Any]:
    """A person."""
    return {"id": user_id, "is_bot": False, "first_name": first_name, "last_name": "Berg"}


def message(chat_id: int = ANNA, at_utc: datetime = NOON, **content: Any) -> Update:
    """A message with this content."""
    body = {
        "message_id": next(_ids),
        "date": int(at_utc.timestamp()),
        "chat": chat(chat_id),
        "from": user(),
        **content,
    }
    return Update.de_json({"update_id": next(_ids), "message": body}, None)


def press(data: str | None, chat_id: int | None = ANNA, first_name: str = "Anna") -> Update:
    """A pressed button; without a chat it belongs to an inline message."""
    query: dict[str, Any] = {
        "id": str(next(_ids)),
        "from": user(first_name=first_name),
        "chat_instance": "1",
        "data": data,
    }
    if chat_id is not None:
        # What Telegram sends of messages that it has let go of.
        query["message"] = {"message_id": 1, "date": 0, "chat": chat(chat_id)}
    return Update.de_json({"update_id": next(_ids), "callback_query": query}, None)


def photo_sizes() -> list[dict[str, Any]]:
    """As Telegram offers a photo: small first."""
    return [
        {"file_id": name, "file_unique_id": name, "width": px, "height": px, "file_size": px * 10}
        for name, px in (("small", 90), ("large", 1280))
    ]


def document(mime_type: str, file_size: int = 1000) -> dict[str, Any]:
    """A file."""
    return {
        "file_id": "doc",
        "file_unique_id": "doc",
        "mime_type": mime_type,
        "file_size": file_size,
    }
