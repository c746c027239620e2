"""What a call of the Bot API brings along: query, form, multipart or JSON, all in one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from deploy.demo_bot.api_error import bad_request
from deploy.demo_bot.chats import Keyboard

_MOST_CALLBACK_BYTES = 64


class Arguments:
    """Named values, and uploaded files by the name of their field."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        self._values = values
        self.files = files

    def text(self, name: str) -> str:
        """Empty where it is missing."""
        value = self._values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Telegram takes what is no number for the default as well."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:  # noqa: ANN401
        """A value that forms carry as JSON; None where it is missing.

        Raises:
            ApiError: 400, where it is no JSON.
        """
        value = self._values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def chat_id(self) -> int:
        """Raises ApiError, 400, where none is given."""
        if not self.text("chat_id"):
            raise bad_request("chat_id is empty")
        return self.integer("chat_id")

    def plain(self, name: str) -> str:
        """A text without mark-up: this server knows no other, and says so."""
        if self.text("parse_mode"):
            raise bad_request("unsupported parse_mode")
        return self.text(name).strip()

    def keyboard(self) -> Keyboard:
        """The inline buttons; none where another kind of keyboard or nothing is given."""
        markup = self.json("reply_markup") or {}
        if not isinstance(markup, dict):
            raise bad_request("object expected as reply markup")
        rows = markup.get("inline_keyboard", [])
        return tuple(tuple(_checked(button) for button in row) for row in rows if row)


def _checked(button: dict[str, Any]) -> dict[str, str]:
    if not button.get("text"):
        raise bad_request("inline keyboard button text must be non-empty")
    data, url = button.get("callback_data"), button.get("url")
    if data is None and url is None:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if data is not None and not 1 <= len(str(data).encode()) <= _MOST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {key: str(button[key]) for key in ("text", "callback_data", "url") if key in button}


async def arguments_of(request: Request) -> Arguments:
    """Reads the whole request, whatever its form."""
    values: dict[str, Any] = dict(request.query_params)
    files: dict[str, bytes] = {}
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= await request.json()
    elif request.method == "POST":
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                else:
                    values[name] = value
    return Arguments(values, files)
