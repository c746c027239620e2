"""A household to drill in: a database, carers with their chats, servers that may be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.alerts.alert import Alert
from core.clock import SystemClock
from core.delivery.words import REPEAT
from core.records.alert_filter import AlertFilter
from core.records.database import open_database
from core.records.recipient import ChannelKind
from tests.support.bot_api import LocalBotApi, SentMessage, running_bot_api
from tests.support.delivering import stores_on
from tests.support.fake_token import files_with
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
LEASE_S = 4.0
"""Of the drilled servers: what a killed one was sending comes back after so long, not in 45 s."""
DEAD_RETRY_S = 2.0
_MOST_ALERTS = 10_000
_OPENING = threading.Lock()
"""Alembic migrates one database at a time in each process, and drills run side by side."""


@dataclass(frozen=True)
class Tally:
    """What came of the alerts of a drill, by the chats of those who can be reached.

    Attributes:
        alerts: recorded.
        lost: of an alert and a recipient, pairs for which nothing arrived.
        only_reminded: such pairs for which nothing but a reminder did: twice in a row nobody could
            know whether the alert itself had arrived, and it had not.
        unmarked_duplicates: messages beyond the first of such a pair that do not say that they may
            be repeats.
        marked_repeats: messages that do.
        unrecorded: alerts that arrived and are in no database.
    """

    alerts: int = 0
    lost: int = 0
    only_reminded: int = 0
    unmarked_duplicates: int = 0
    marked_repeats: int = 0
    unrecorded: int = 0

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing forgotten."""
        return (self.lost, self.unmarked_duplicates, self.unrecorded) == (0, 0, 0)

    def __add__(self, other: Tally) -> Tally:
        mine, others = vars(self), vars(other)
        return Tally(**{name: mine[name] + others[name] for name in mine})


class AlertServer:
    """One process of `tests.support.alert_server`."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        log_path: Path,
        *,
        in_haste: bool = True,
    ) -> None:
        command = [sys.executable, "-m", "tests.support.alert_server", str(folder)]
        if in_haste:
            command += [f"--lease-s={LEASE_S}", f"--dead-retry-s={DEAD_RETRY_S}"]
        self.log_path = log_path
        with log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, verb: str, *given: object) -> Any:
        """The answer; fails the drill where the server is gone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([verb, *given]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"The drilled server ended. Its log:\n{self.log_path.read_text()[-4000:]}"
        return json.loads(answer)

    def kill(self) -> None:
        """As a power cut would: nothing is tidied up."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As a person would; its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self._process.poll() is None:
            self._process.send_signal(how)
        status = self._process.wait(timeout=40)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return status


class Household:
    """One database and its people; what is read here is what every other process wrote."""

    def __init__(
        self, folder: Path, bot_api: LocalBotApi, url: str | None, *, in_haste: bool
    ) -> None:
        self.folder = folder
        self.bot_api = bot_api
        self.database_file = folder / "mien.db"
        self.url = url
        self._in_haste = in_haste
        with _OPENING:
            self._database = open_database(url, folder)
        self.stores = stores_on(self._database, SystemClock())
        self._servers: list[AlertServer] = []

    def carer(self, name: str = "Anna") -> int:
        """Somebody who is told; the id of their chat."""
        chat_id = self.bot_api.add_person(name)
        self.stores.recipients.add(name, ChannelKind.TELEGRAM, str(chat_id))
        return chat_id

    def server(self, *, ready: bool = True) -> AlertServer:
        """One more server on this database."""
        environment = self.bot_api.environment
        if self.url is not None:
            environment = {**environment, "MIEN_DATABASE_URL": self.url}
        log_path = self.folder / "server.log"
        server = AlertServer(self.folder, environment, log_path, in_haste=self._in_haste)
        self._servers.append(server)
        if ready:
            eventually(lambda: bool(server.ask("ready")))
        return server

    def alerts(self) -> tuple[Alert, ...]:
        """That are recorded."""
        return self.stores.alerts.list(AlertFilter(), _MOST_ALERTS)

    def wait_for_records(self, count: int = 1) -> tuple[Alert, ...]:
        """Once so many alerts are committed."""
        eventually(lambda: len(self.alerts()) >= count, every_s=0.01)
        return self.alerts()

    def copies(self) -> tuple[tuple[str, SentMessage], ...]:
        """Every message that told of an alert, by the alert's id, oldest first."""
        return tuple(
            (alert_id, message) for alert_id, message in self._told() if not _is_reminder(message)
        )

    def _told(self) -> tuple[tuple[str, SentMessage], ...]:
        """The same, and the reminders."""
        found = ((_alert_of(message), message) for message in self.bot_api.from_bot())
        return tuple((alert_id, message) for alert_id, message in found if alert_id)

    def wait_for_copies(self, count: int = 1) -> tuple[tuple[str, SentMessage], ...]:
        """Once so many such messages arrived."""
        eventually(lambda: len(self.copies()) >= count)
        return self.copies()

    def settled(self) -> None:
        """Once nothing waits in the outbox any more."""
        eventually(lambda: self.stores.outbox.waiting() == 0, within_s=60, every_s=0.1)

    def tally(self) -> Tally:
        """Everything that was recorded against everything that arrived."""
        ids = {alert.id for alert in self.alerts()}
        chats = [
            int(recipient.address)
            for recipient in self.stores.recipients.all()
            if recipient.disabled_why is None
        ]
        copies = self.copies()
        arrived = {(alert_id, message.chat_id) for alert_id, message in copies}
        told = {(alert_id, message.chat_id) for alert_id, message in self._told()}
        plain = Counter(
            (alert_id, message.chat_id) for alert_id, message in copies if not is_marked(message)
        )
        return Tally(
            alerts=len(ids),
            lost=sum((alert_id, chat) not in told for alert_id in ids for chat in chats),
            only_reminded=len(told - arrived),
            unmarked_duplicates=sum(count - 1 for count in plain.values()),
            marked_repeats=sum(is_marked(message) for _, message in copies),
            unrecorded=len({alert_id for alert_id, _ in copies} - ids),
        )

    def close(self) -> None:
        """Nothing is left running."""
        for server in self._servers:
            server.kill()
        self._database.close()


@contextmanager
def household(url: str | None = None, *, in_haste: bool = True) -> Iterator[Household]:
    """A new one, without carers. Afterwards nothing of it runs, and none of its files holds the
    bot's token.

    Args:
        url: of its database; None for a file.
        in_haste: leases and the tries of a dead channel last for seconds.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mien-drill-") as name,
        running_bot_api() as bot_api,
    ):
        home = Household(Path(name), bot_api, url, in_haste=in_haste)
        try:
            yield home
        finally:
            home.close()
        assert files_with(bot_api.token, home.folder) == []


def is_marked(message: SentMessage) -> bool:
    """Whether it said, when it came, that it may be a repeat."""
    return REPEAT in _as_it_came(message)


def _as_it_came(message: SentMessage) -> str:
    return message.edits[0].text if message.edits else message.text


def _is_reminder(message: SentMessage) -> bool:
    return "\nReminder " in _as_it_came(message)


def _alert_of(message: SentMessage) -> str | None:
    text = _as_it_came(message)
    if not text.startswith("Mien · Alert"):
        return None
    before = message.edits[0].buttons if message.edits else message.buttons
    return next(
        (data.removeprefix("ack:") for data in before.values() if data.startswith("ack:")), None
    )
