"""The Bot API server on loopback, in a thread of the test, and the people who chat with the bot."""

from __future__ import annotations

import json
import logging
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.clock import Clock, SystemClock
from deploy.demo_bot.faults import FaultKind
from deploy.demo_bot.server import HOST, DemoBotServer
from deploy.demo_bot.world import World
from tests.support.fake_token import TOKEN
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Edit:
    """What a message said until `at_s`."""

    at_s: float
    text: str
    buttons: dict[str, str]


@dataclass(frozen=True)
class SentMessage:
    """A message in a chat, as its people see it.

    Attributes:
        text: of a picture, its caption.
        photo_url: of the picture's largest size; None for text.
        buttons: data by label, in order.
        accepted_s, accepted_utc: when the server had it; `time.monotonic()` and wall time.
        edits: what it said before, oldest first.
    """

    chat_id: int
    message_id: int
    by_bot: bool
    text: str
    photo_url: str | None
    buttons: dict[str, str]
    reply_to: int | None
    silent: bool
    deleted: bool
    accepted_s: float
    accepted_utc: datetime
    edits: tuple[Edit, ...]

    def photo(self) -> bytes:
        """The JPEG."""
        assert self.photo_url is not None
        with urllib.request.urlopen(self.photo_url) as answer:
            return bytes(answer.read())


@dataclass(frozen=True)
class ApiCall:
    """One call of a method: `outcome` is ok, refused, reset or silent."""

    method: str
    chat_id: int | None
    at_s: float
    outcome: str
    error_code: int | None
    fault: str | None

    def is_of(self, method: str) -> bool:
        """Whether it called this method, whose name is taken in any case."""
        return self.method.lower() == method.lower()


class BotApi:
    """The server's address for clients, and its control route for tests.

    Attributes:
        url: as `MIEN_TELEGRAM_API_URL`; the page is there, too.
        token: that it takes.
    """

    def __init__(self, url: str, token: str = TOKEN) -> None:
        self.url = url
        self.token = token

    @property
    def base_url(self) -> str:
        """For `telegram.Bot`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """For `telegram.Bot`."""
        return f"{self.url}/file/bot"

    @property
    def environment(self) -> dict[str, str]:
        """Of a dashboard that talks to this server."""
        return {"MIEN_TELEGRAM_TOKEN": self.token, "MIEN_TELEGRAM_API_URL": self.url}

    def add_person(self, name: str = "Anna") -> int:
        """The id of a private chat with somebody new."""
        return int(self._post("people", name=name)["id"])

    def add_group(self, title: str = "Night shift", *people: int) -> int:
        """The id of a group; without people, of somebody new."""
        members = people or (self.add_person(),)
        return int(self._post("groups", title=title, people=members)["id"])

    def write(self, chat_id: int, text: str, user_id: int | None = None) -> int:
        """Somebody writes to the bot; the message's id."""
        sent = self._post(f"chats/{chat_id}/messages", text=text, user_id=user_id)
        return int(sent["message_id"])

    def send_photo(self, chat_id: int, picture: bytes, caption: str = "") -> int:
        """Somebody sends the bot a picture of any common format; the message's id."""
        query = urllib.parse.urlencode({"caption": caption})
        path = f"chats/{chat_id}/messages?{query}"
        return int(self._ask("POST", path, picture, "image/jpeg")["message_id"])

    def press(self, chat_id: int, message_id: int, button: str, user_id: int | None = None) -> str:
        """Somebody presses the button of this label; the id of the query."""
        message = next(each for each in self.messages(chat_id) if each.message_id == message_id)
        data = message.buttons[button]
        return self.press_data(chat_id, message_id, data, user_id)

    def press_data(
        self, chat_id: int, message_id: int, data: str, user_id: int | None = None
    ) -> str:
        """The same by what the button carries."""
        path = f"chats/{chat_id}/presses"
        return str(self._post(path, message_id=message_id, data=data, user_id=user_id)["id"])

    def answer_to(self, query_id: str) -> str | None:
        """What the person was shown after a press, "" for a plain tick; None: nothing yet."""
        queries = {query["id"]: query for query in self.state()["queries"]}
        answer = queries[query_id]["answer"]
        return None if answer is None else str(answer)

    def block(self, chat_id: int, *, blocked: bool = True) -> None:
        """Somebody blocks the bot, or a group throws it out; or the other way round."""
        self._post(f"chats/{chat_id}/block", blocked=blocked)

    def migrate(self, chat_id: int) -> int:
        """The group becomes a supergroup; its new id."""
        return int(self._post(f"chats/{chat_id}/migrate")["id"])

    def delete(self, chat_id: int, message_id: int) -> None:
        """Somebody deletes a message."""
        self._ask("DELETE", f"chats/{chat_id}/messages/{message_id}")

    def revoke_token(self, new_token: str = "6000000001:another") -> None:
        """From now on only the new one is taken."""
        self._post("token", token=new_token)

    def order(
        self,
        kind: FaultKind,
        method: str = "send*",
        times: int = 1,
        *,
        chat_id: int | None = None,
        seconds: float = 3.0,
        error_code: int = 400,
        description: str = "Bad Request",
    ) -> None:
        """The next calls of these methods fail; `times=0`: until `lift_faults`."""
        self._post(
            "faults",
            kind=kind.value,
            method=method,
            times=times,
            chat_id=chat_id,
            seconds=seconds,
            error_code=error_code,
            description=description,
        )

    def lift_faults(self) -> None:
        """Everything works again."""
        self._ask("DELETE", "faults")

    def waiting_faults(self) -> int:
        """How many orders have not been used up."""
        return len(self.state()["faults"])

    def messages(self, chat_id: int | None = None) -> tuple[SentMessage, ...]:
        """All messages of a chat, or of all chats, oldest first."""
        chats = [each for each in self.state()["chats"] if chat_id in {None, each["id"]}]
        found = [self._message(each) for chat in chats for each in chat["messages"]]
        return tuple(sorted(found, key=lambda each: each.accepted_s))

    def from_bot(self, chat_id: int | None = None) -> tuple[SentMessage, ...]:
        """The messages that the bot sent, oldest first."""
        return tuple(each for each in self.messages(chat_id) if each.by_bot)

    def wait_for(
        self, count: int = 1, chat_id: int | None = None, within_s: float = 40
    ) -> tuple[SentMessage, ...]:
        """The messages of the bot, once there are so many; fails the test if there never are."""
        eventually(lambda: len(self.from_bot(chat_id)) >= count, within_s)
        return self.from_bot(chat_id)

    def calls(self, method: str | None = None) -> tuple[ApiCall, ...]:
        """What clients called, oldest first."""
        keys = ApiCall.__dataclass_fields__
        calls = (ApiCall(**{key: each[key] for key in keys}) for each in self._ask("GET", "calls"))
        return tuple(call for call in calls if method is None or call.is_of(method))

    def is_polled(self) -> bool:
        """Whether a client waits for updates right now."""
        return bool(self.state()["polled"])

    def commands(self) -> list[str]:
        """That the bot has set."""
        return [each["command"] for each in self.state()["commands"]]

    def state(self) -> Any:
        """Everything, as the page gets it."""
        return self._ask("GET", "state")

    def _message(self, given: dict[str, Any]) -> SentMessage:
        photo = given["photo"]
        return SentMessage(
            chat_id=given["chat_id"],
            message_id=given["message_id"],
            by_bot=given["by_bot"],
            text=given["text"],
            photo_url=f"{self.url}{photo}" if photo else None,
            buttons=_by_label(given["buttons"]),
            reply_to=given["reply_to"],
            silent=given["silent"],
            deleted=given["deleted"],
            accepted_s=given["accepted_s"],
            accepted_utc=datetime.fromisoformat(given["accepted_utc"]),
            edits=tuple(
                Edit(edit["at_s"], edit["text"], _by_label(edit["buttons"]))
                for edit in given["edits"]
            ),
        )

    def _post(self, path: str, **given: object) -> Any:
        return self._ask("POST", path, json.dumps(given).encode(), "application/json")

    def _ask(self, http_method: str, path: str, body: bytes | None = None, kind: str = "") -> Any:
        request = urllib.request.Request(
            f"{self.url}/control/{path}",
            body,
            {"Content-Type": kind} if kind else {},
            method=http_method,
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(error.code, json.load(error)["error"]) from None


class ControlError(Exception):
    """What a person wanted cannot be done; the message says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class LocalBotApi(BotApi):
    """The server in a thread of this process. Its chats stay while it is unreachable."""

    def __init__(self, token: str = TOKEN, clock: Clock | None = None) -> None:
        self._world = World(token, clock or SystemClock())
        self._server: DemoBotServer | None = DemoBotServer(self._world)
        self._port = self._server.port
        self._server.start()
        super().__init__(f"http://{HOST}:{self._port}", token)

    def start(self) -> None:
        """Listens again, on the same port as before."""
        self._server = DemoBotServer(self._world, self._port)
        self._server.start()

    def stop(self) -> None:
        """Connections are refused, as where the network is down."""
        if self._server is not None:
            self._server.stop()
            self._server = None


@contextmanager
def running_bot_api(token: str = TOKEN, clock: Clock | None = None) -> Iterator[LocalBotApi]:
    """A server that listens on a free port of loopback, without chats."""
    # What it cancels when it stops is none of a test's business.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    bot_api = LocalBotApi(token, clock)
    try:
        yield bot_api
    finally:
        bot_api.stop()


def _by_label(rows: list[list[dict[str, str]]]) -> dict[str, str]:
    return {button["label"]: button["data"] for row in rows for button in row}
