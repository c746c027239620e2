"""What may fail on an alert's way, each as a drill against real processes.

A drill does something to a household and waits until its alerts are where they belong; it fails by
an assertion. That nothing was lost or doubled is counted after each of them, see `Tally`.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from types import MappingProxyType

import psycopg

from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS, own_rule
from core.alerts.rule import Severity
from core.clock import SystemClock
from core.delivery.lane import Lane
from core.delivery.secret import Secret
from core.delivery.settings import TelegramSettings
from core.delivery.telegram_channel import TelegramChannel, bot_for
from core.records.delivery import State
from core.records.recipient import ChannelKind
from deploy.demo_bot.faults import FaultKind
from tests.support.delivering import Post
from tests.support.drilling import LEASE_S, AlertServer, Household, is_marked
from tests.support.episodes import new_alert
from tests.support.server import running_server
from tests.support.waiting import eventually

Drill = Callable[[Household], None]

_PASSING = (
    FaultKind.FLOOD,
    FaultKind.BAD_GATEWAY,
    FaultKind.BAD_FILE,
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.SILENT_BEFORE,
    FaultKind.SILENT_AFTER,
    FaultKind.SLOW,
)
"""Failures after which another try may work."""


def killed_while_refused(home: Household) -> None:
    """No connection can be made, and the server is killed with the alert committed."""
    home.carer()
    home.bot_api.stop()
    server = home.server()
    server.ask("show", "pain")
    home.wait_for_records()
    server.kill()
    home.bot_api.start()
    assert home.copies() == ()
    home.server()
    home.settled()
    assert len(home.copies()) == 1


def killed_before_sending(home: Household) -> None:
    """The request is on its way and never taken: nobody can know that, so it comes marked."""
    home.carer()
    home.bot_api.order(FaultKind.SILENT_BEFORE, times=0)
    server = home.server()
    server.ask("show", "pain")
    eventually(lambda: any(call.outcome == "silent" for call in home.bot_api.calls()))
    server.kill()
    home.bot_api.lift_faults()
    assert home.copies() == ()
    home.server()
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [True]


def killed_before_recording(home: Household) -> None:
    """The message arrived, and the server dies before it knows."""
    home.carer()
    home.bot_api.order(FaultKind.SILENT_AFTER, times=0)
    server = home.server()
    server.ask("show", "pain")
    home.wait_for_copies()
    server.kill()
    home.bot_api.lift_faults()
    home.server()
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [False, True]


def network_down(home: Household) -> None:
    """Connections are refused for some seconds."""
    home.carer()
    server = home.server()
    home.bot_api.stop()
    server.ask("show", "pain")
    home.wait_for_records()
    time.sleep(5)
    assert server.ask("troubles") != []
    home.bot_api.start()
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [False]


def network_down_for_ten_minutes(home: Household) -> None:
    """The dispatcher in simulated time, Telegram's channel and the Bot API for real."""
    post = Post(home.folder)
    anna = home.bot_api.add_person("Anna")
    post.stores.recipients.add("Anna", ChannelKind.TELEGRAM, str(anna))
    settings = TelegramSettings(Secret(home.bot_api.token), home.bot_api.url)
    post.stores.alerts.open(new_alert(fired_utc=post.clock.now_utc()), 3600)
    home.bot_api.stop()

    async def go_for(seconds: int) -> None:
        channel = TelegramChannel(bot_for(settings))
        post.lanes[ChannelKind.TELEGRAM] = Lane(channel, post.clock, post.sleep)
        for _ in range(seconds):
            await post.dispatcher.round()
            await post.dispatcher.idle()
            post.clock.advance(1.0)
        await channel.close()

    asyncio.run(go_for(600))
    alert_id = new_alert().id
    assert post.states(alert_id) == [State.WAITING]
    home.bot_api.start()
    asyncio.run(go_for(60))
    assert post.states(alert_id) == [State.SENT]
    post.database.close()
    (message,) = home.bot_api.from_bot(anna)
    assert not is_marked(message)
    assert "This message is 10 min late" in message.text


def stopped_while_the_network_is_down(home: Household) -> None:
    """A person ends the server; the next one sends."""
    home.carer()
    server = home.server()
    home.bot_api.stop()
    server.ask("show", "pain")
    home.wait_for_records()
    assert server.stop() == 0
    home.bot_api.start()
    home.server()
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [False]


def token_revoked(home: Household) -> None:
    """Nothing is given up while Telegram does not accept the token, and it is said."""
    home.carer()
    server = home.server()
    home.bot_api.revoke_token()
    server.ask("show", "pain")
    home.wait_for_records()
    eventually(lambda: "Telegram does not accept the bot's token." in server.ask("troubles"))
    time.sleep(3)
    assert home.stores.outbox.waiting() == 1
    assert home.copies() == ()
    home.bot_api.revoke_token(home.bot_api.token)
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [False]


def recipient_blocks(home: Household) -> None:
    """Who cannot be reached is not tried on; the others are told so."""
    anna, ben = home.carer("Anna"), home.carer("Ben")
    home.bot_api.block(anna)
    server = home.server()
    server.ask("show", "pain")
    home.wait_for_records()
    home.settled()

    def gone() -> set[str]:
        return {each.name for each in home.stores.recipients.all() if each.disabled_why is not None}

    eventually(lambda: gone() == {"Anna"})
    eventually(lambda: len(home.bot_api.from_bot(ben)) == 2)
    assert {message.chat_id for _, message in home.copies()} == {ben}
    assert any("Anna cannot be reached" in each.text for each in home.bot_api.from_bot(ben))


def whole_server_killed(home: Household) -> None:
    """The dashboard itself, killed while connections are refused."""
    home.carer()
    home.bot_api.stop()
    environment = {**home.bot_api.environment, "MIEN_DATA_DIR": str(home.folder)}
    with running_server(home.folder / "first", environment) as server:
        alert = home.stores.alerts.open(new_alert(fired_utc=SystemClock().now_utc()), 3600)
        eventually(lambda: _tried(home, alert.id))
        os.kill(server.pid, signal.SIGKILL)
    home.bot_api.start()
    assert home.copies() == ()
    with running_server(home.folder / "second", environment):
        home.settled()
    assert len(home.copies()) == 1


def database_locked(home: Household) -> None:
    """Longer than any transaction waits: the alert arrives first, and is recorded later."""
    home.carer()
    server = home.server()
    with _locked(home):
        server.ask("show", "pain")
        home.wait_for_copies()
        assert home.alerts() == ()
    _is_recorded_later(home)


def database_locked_while_sending(home: Household) -> None:
    """The message arrived, and for long that cannot be recorded: the server remembers it."""
    home.carer()
    server = home.server()
    home.bot_api.order(FaultKind.SLOW, seconds=2)
    server.ask("show", "pain")
    home.wait_for_copies()
    with _locked(home):
        time.sleep(2 * LEASE_S)
    _is_recorded_later(home)


def disk_full(home: Household) -> None:
    """No file of the server may grow: the same, and recorded when there is room again."""
    home.carer()
    server = home.server()
    with _no_room(server):
        server.ask("show", "pain")
        home.wait_for_copies()
        assert home.alerts() == ()
        assert server.ask("troubles") != []
    _is_recorded_later(home)


def two_servers(home: Household) -> None:
    """On one database: each alert is sent by one of them, and one listens to the carers."""
    home.carer("Anna")
    home.carer("Ben")
    servers = home.server(), home.server()
    for _ in range(4):
        for server in servers:
            server.ask("show", "pain")
    home.wait_for_records(8)
    home.settled()
    assert len(home.copies()) == 16
    eventually(home.bot_api.is_polled)
    assert [call for call in home.bot_api.calls("getUpdates") if call.error_code] == []


def flood(home: Household) -> None:
    """Telegram asks to wait while five alerts do: all come, the grave ones first."""
    home.carer()
    medium = own_rule(("sad",))
    home.stores.policy.save(AlertPolicy(rules=(PRESETS["pain-careful"].rule, medium)))
    server = home.server()
    home.bot_api.order(FaultKind.FLOOD, seconds=5)
    for number, label in enumerate(("sad", "sad", "pain", "sad", "pain"), start=1):
        server.ask("show", label)
        home.wait_for_records(number)
    home.settled()
    severities = {alert.id: alert.severity for alert in home.alerts()}
    order = [severities[alert_id] for alert_id, _ in home.copies()]
    assert order == [Severity.HIGH] * 2 + [Severity.MEDIUM] * 3


def no_answer(home: Household) -> None:
    """Telegram takes the message and never says so: one repeat, which says what it is."""
    home.carer()
    server = home.server()
    home.bot_api.order(FaultKind.SILENT_AFTER, times=1)
    server.ask("show", "pain")
    home.wait_for_copies(2)
    home.settled()
    assert [is_marked(message) for _, message in home.copies()] == [False, True]


def killed_again_and_again(
    home: Household, kills: int = 3, seed: int = 20, failures: int = 0
) -> None:
    """A server under a stream of alerts, killed at moments that chance picks. With failures as
    well, so many in each of its lives, a reminder may have to stand in for an alert.
    """
    chance = random.Random(seed)
    home.carer("Anna")
    home.carer("Ben")
    home.stores.policy.save(AlertPolicy(reminder_every_s=60.0, reminders=1))
    for _ in range(kills):
        server = home.server()
        for kind in chance.sample(_PASSING, failures):
            home.bot_api.order(kind, seconds=1)
        server.ask("stream", 0.7)
        time.sleep(chance.uniform(0.0, 3.0))
        server.kill()
        home.bot_api.lift_faults()
    home.server()
    eventually(lambda: home.tally().lost == 0, within_s=150, every_s=0.5)
    home.settled()


DRILLS: Mapping[str, Drill] = MappingProxyType(
    {
        "killed while connections are refused": killed_while_refused,
        "killed before sending": killed_before_sending,
        "killed before recording": killed_before_recording,
        "network down": network_down,
        "network down for ten minutes": network_down_for_ten_minutes,
        "stopped while the network is down": stopped_while_the_network_is_down,
        "token revoked": token_revoked,
        "recipient blocks the bot": recipient_blocks,
        "whole server killed": whole_server_killed,
        "database locked": database_locked,
        "database locked while sending": database_locked_while_sending,
        "disk full": disk_full,
        "two servers": two_servers,
        "flood": flood,
        "no answer": no_answer,
        "killed again and again": killed_again_and_again,
    }
)

ON_POSTGRESQL: Mapping[str, Drill] = MappingProxyType(
    {name: DRILLS[name] for name in ("two servers", "database locked")}
)
"""To be carried out there as well."""


def _tried(home: Household, alert_id: str) -> bool:
    return any(attempts for _, _, attempts in home.stores.outbox.trail(alert_id))


def _is_recorded_later(home: Household) -> None:
    (alert,) = home.wait_for_records()
    home.settled()
    ((delivery, _, _),) = home.stores.outbox.trail(alert.id)
    assert delivery.state is State.SENT
    assert [is_marked(message) for _, message in home.copies()] == [False]


@contextmanager
def _locked(home: Household) -> Iterator[None]:
    """Nobody else can write; reading goes on."""
    if home.url is not None:
        with psycopg.connect(home.url) as other:
            other.execute("LOCK TABLE alert, delivery IN EXCLUSIVE MODE")
            yield
    else:
        with closing(sqlite3.connect(home.database_file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield


@contextmanager
def _no_room(server: AlertServer) -> Iterator[None]:
    """Not even the first page of the write-ahead log can be written; the program itself goes on."""
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4000, before[1]))
    yield
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)
