"""The whole bot, as the server runs it, against a Bot API server on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.delivery.bot import bot, poller
from core.delivery.bot.buttons import NO_USE
from core.delivery.bot.door import ASK_FOR_CODE
from core.delivery.bot.help import COMMANDS
from core.delivery.bot.photo_words import NO_FACE
from core.delivery.bot_context import PhotoReader as ReadsPhotos
from core.delivery.bot_context import WatchedCamera
from core.delivery.secret import Secret
from core.delivery.service import DeliveryService
from core.delivery.settings import DeliverySettings, TelegramSettings
from core.delivery.stores import Stores
from core.expression.registry import load_classifier
from core.expression.wording import HONEST_LINE
from core.monitoring.analyser import ALERT_MODEL, Toolbox
from core.monitoring.settings import AnalysisSettings
from core.records.database import Database
from core.records.recipient import ChannelKind
from core.stills.photo_reader import PhotoAnswer, PhotoReader
from core.vision.detectors import build_detector
from core.vision.photo import decode_photo
from deploy.demo_bot.faults import FaultKind
from tests.support.bot_api import LocalBotApi, SentMessage, running_bot_api
from tests.support.delivering import stores_on
from tests.support.episodes import new_alert
from tests.support.pictures import landscape
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[4]
TOOLBOX = Toolbox(build_detector, partial(load_classifier, models_root=ROOT / "models"))

StartServer = Callable[..., DeliveryService]


@pytest.fixture
def bot_api(caplog: pytest.LogCaptureFixture) -> Iterator[LocalBotApi]:
    """Afterwards nothing private stands in the log."""
    caplog.set_level(logging.INFO)
    with running_bot_api() as running:
        yield running
        chats = [str(chat["id"]) for chat in running.state()["chats"]]
        for private in (running.token, *chats):
            assert private not in caplog.text


@pytest.fixture
def stores(database: Database) -> Stores:
    """In real time: so is Telegram's server."""
    return stores_on(database, SystemClock())


@pytest.fixture
def serve(stores: Stores, bot_api: LocalBotApi) -> Iterator[StartServer]:
    """Starts servers on the one database and the one bot."""
    running: list[DeliveryService] = []
    settings = DeliverySettings(TelegramSettings(Secret(bot_api.token), bot_api.url))

    def start(
        owner: str = "server",
        cameras: object = None,
        photo_reader: ReadsPhotos | None = None,
    ) -> DeliveryService:
        service = DeliveryService(
            stores,
            settings,
            SystemClock(),
            owner,
            cameras=cameras,  # type: ignore[arg-type]
            photo_reader=photo_reader,
        )
        service.start()
        running.append(service)
        return service

    yield start
    for service in running:
        service.stop()


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The poller's long waits are short."""
    for name in ("ASK_FOR_LEASE_S", "AFTER_CONFLICT_S", "AFTER_BAD_TOKEN_S"):
        monkeypatch.setattr(poller, name, 0.2)


def linked(bot_api: LocalBotApi, stores: Stores, name: str = "Anna") -> int:
    """Their chat."""
    chat_id = bot_api.add_person(name)
    stores.recipients.add(name, ChannelKind.TELEGRAM, str(chat_id))
    return chat_id


def alerted(bot_api: LocalBotApi, stores: Stores, server: DeliveryService) -> str:
    """The id of an alert that everybody has got."""
    alert = stores.alerts.open(new_alert(fired_utc=SystemClock().now_utc()), deadline_s=3600)
    server.wake()
    bot_api.wait_for(len(stores.recipients.all()))
    return alert.id


def last(bot_api: LocalBotApi, chat_id: int, count: int) -> SentMessage:
    return bot_api.wait_for(count, chat_id)[-1]


def test_a_carer_links_asks_and_is_answered(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    serve()
    anna = bot_api.add_person()
    bot_api.write(anna, "/status")
    assert last(bot_api, anna, 1).text == ASK_FOR_CODE
    bot_api.write(anna, f"/start {stores.link_codes.issue('Anna').code}")
    assert last(bot_api, anna, 2).text.startswith("You are linked as Anna.")
    bot_api.write(anna, "/status")
    assert "No camera is being watched now." in last(bot_api, anna, 3).text
    assert set(bot_api.commands()) == set(COMMANDS)


@pytest.mark.parametrize(
    ("button", "note", "news"),
    [
        pytest.param("Acknowledge", "is yours", "Ben has taken it.", id="acknowledge"),
        pytest.param("Snooze 30 min", "stays quiet", "and snoozed it.", id="snooze"),
        pytest.param("False alarm", "false alarm", "called it a false alarm.", id="false alarm"),
    ],
)
def test_a_press_is_answered_and_everybody_reads_who_took_it(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer, button: str, note: str, news: str
) -> None:
    server = serve()
    anna, ben = linked(bot_api, stores), linked(bot_api, stores, "Ben")
    alert_id = alerted(bot_api, stores, server)
    (message,) = bot_api.from_bot(ben)
    query = bot_api.press(ben, message.message_id, button)
    eventually(lambda: note in (bot_api.answer_to(query) or ""))
    for chat_id in (anna, ben):
        eventually(lambda chat=chat_id: news in bot_api.from_bot(chat)[0].text)  # type: ignore[misc]
        assert bot_api.from_bot(chat_id)[0].buttons == {}
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answered_by == "Ben"


def test_two_who_press_at_once_are_both_answered(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    server = serve()
    people = [linked(bot_api, stores, name) for name in ("Anna", "Ben")]
    alerted(bot_api, stores, server)
    messages = [bot_api.from_bot(person)[0].message_id for person in people]
    queries = [
        bot_api.press(person, message, "Acknowledge")
        for person, message in zip(people, messages, strict=True)
    ]
    eventually(lambda: all(bot_api.answer_to(query) for query in queries))
    notes = sorted("is yours" in (bot_api.answer_to(query) or "") for query in queries)
    assert notes == [False, True]


def test_a_press_after_the_recipient_was_removed_is_answered_with_nothing(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    server = serve()
    anna = linked(bot_api, stores)
    alert_id = alerted(bot_api, stores, server)
    (recipient,) = stores.recipients.all()
    stores.recipients.remove(recipient.id)
    query = bot_api.press(anna, bot_api.from_bot(anna)[0].message_id, "Acknowledge")
    eventually(lambda: bot_api.answer_to(query) == NO_USE)
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answer is None


def test_a_photo_is_answered_with_its_reading(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    serve(photo_reader=PhotoReader(TOOLBOX, AnalysisSettings, ALERT_MODEL))
    anna = linked(bot_api, stores)
    photo = (ROOT / "tests" / "faces" / "happy.jpg").read_bytes()
    bot_api.send_photo(anna, photo)
    answer = last(bot_api, anna, 1)
    assert "Face 1 looks happy: happy " in answer.text
    assert "; pain score " in answer.text
    assert HONEST_LINE in answer.text
    before, after = decode_photo(photo, "before"), decode_photo(answer.photo(), "after")
    assert after.shape == before.shape
    assert abs(after.astype(int) - before.astype(int)).max() > 100
    bot_api.send_photo(anna, landscape())
    nobody = last(bot_api, anna, 2)
    assert nobody.text.startswith(NO_FACE)
    assert nobody.photo_url is None


def test_a_group_shows_its_photos_to_the_bot_only_if_it_wants(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    read: list[bytes] = []

    def reader(photo: bytes) -> PhotoAnswer:
        read.append(photo)
        return PhotoAnswer(photo, (), 0.45)

    serve(photo_reader=reader)
    group = bot_api.add_group("Family")
    stores.recipients.add("Family", ChannelKind.TELEGRAM, str(group))
    bot_api.send_photo(group, landscape())
    bot_api.send_photo(group, landscape(), "@mien_demo_bot, what do you see?")
    assert last(bot_api, group, 1).text.startswith(NO_FACE)
    assert len(read) == 1


def test_a_group_that_becomes_a_supergroup_stays_linked(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    serve()
    group = bot_api.add_group("Family")
    stores.recipients.add("Family", ChannelKind.TELEGRAM, str(group))
    moved = bot_api.migrate(group)
    eventually(lambda: [one.address for one in stores.recipients.all()] == [str(moved)])
    bot_api.write(moved, "/help")
    assert HONEST_LINE in last(bot_api, moved, 1).text


def test_strangers_get_one_line_whatever_they_send(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    serve()
    eve, anna = bot_api.add_person("Eve"), linked(bot_api, stores)
    for text in ("Who is there?", "/status", "/snapshot"):
        bot_api.write(eve, text)
    bot_api.send_photo(eve, landscape())
    bot_api.write(anna, "/help")
    last(bot_api, anna, 1)
    assert [message.text for message in bot_api.from_bot(eve)] == [ASK_FOR_CODE]


@dataclass
class FaultyTower:
    """Watches nothing, and has a fault of its own until it is mended."""

    mended: bool = False
    asked: int = field(default=0)

    def cameras(self) -> Sequence[WatchedCamera]:
        self.asked += 1
        if not self.mended:
            raise ZeroDivisionError("a fault")
        return ()

    def snapshot(self, camera_id: str) -> bytes | None:
        raise KeyError(camera_id)


def test_a_fault_of_ours_is_said_and_the_bot_goes_on(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    tower = FaultyTower()
    serve(cameras=tower)
    anna = linked(bot_api, stores)
    bot_api.write(anna, "/status")
    assert last(bot_api, anna, 1).text == bot.FAULT
    assert "ZeroDivisionError" in caplog.text
    tower.mended = True
    bot_api.write(anna, "/status")
    assert "No camera" in last(bot_api, anna, 2).text


def test_a_press_that_cannot_be_recorded_can_be_pressed_again(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer, database: Database
) -> None:
    server = serve()
    anna = linked(bot_api, stores)
    alert_id = alerted(bot_api, stores, server)
    message_id = bot_api.from_bot(anna)[0].message_id
    eventually(bot_api.is_polled)
    # Somebody else writes into the database, and takes long.
    with database.write():
        query = bot_api.press(anna, message_id, "Acknowledge")
        eventually(lambda: bot_api.answer_to(query) == bot.NOT_RECORDED)
    again = bot_api.press(anna, message_id, "Acknowledge")
    eventually(lambda: "is yours" in (bot_api.answer_to(again) or ""))
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answered_by == "Anna"


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    ("kind", "method", "trouble"),
    [
        pytest.param(FaultKind.CONFLICT, "getUpdates", poller.CONFLICT, id="another poller"),
        pytest.param(FaultKind.UNAUTHORIZED, "getUpdates", poller.BAD_TOKEN, id="a bad token"),
        pytest.param(FaultKind.UNAUTHORIZED, "getMe", poller.BAD_TOKEN, id="bad from the start"),
        pytest.param(FaultKind.BAD_GATEWAY, "get*", poller.UNREACHABLE, id="a server in trouble"),
        pytest.param(FaultKind.RESET_BEFORE, "get*", poller.UNREACHABLE, id="broken connections"),
    ],
)
def test_trouble_with_polling_is_told_and_passes(
    bot_api: LocalBotApi,
    stores: Stores,
    serve: StartServer,
    kind: FaultKind,
    method: str,
    trouble: str,
) -> None:
    bot_api.order(kind, method, times=0)
    server = serve()
    anna = linked(bot_api, stores)
    eventually(lambda: server.health().poller == trouble)
    alerted(bot_api, stores, server)  # sending goes on
    message_id = bot_api.from_bot(anna)[0].message_id
    query = bot_api.press(anna, message_id, "Acknowledge")
    bot_api.lift_faults()
    eventually(lambda: "is yours" in (bot_api.answer_to(query) or ""))
    eventually(lambda: server.health().poller is None)


def test_a_network_that_comes_later_is_waited_for(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    bot_api.stop()
    server = serve()
    eventually(lambda: server.health().poller == poller.UNREACHABLE)
    bot_api.start()
    anna = linked(bot_api, stores)
    bot_api.write(anna, "/help")
    last(bot_api, anna, 1)
    eventually(lambda: server.health().poller is None)


@pytest.mark.usefixtures("quickly")
def test_one_of_two_servers_listens_and_the_other_takes_over(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    first = serve("first")
    eventually(bot_api.is_polled)
    second = serve("second")
    anna = linked(bot_api, stores)
    bot_api.write(anna, "/help")
    last(bot_api, anna, 1)
    assert first.health().poller is None
    assert second.health().poller is None
    assert not [call for call in bot_api.calls() if call.error_code == 409]
    first.stop()
    bot_api.write(anna, "/status")
    last(bot_api, anna, 2)
    bot_api.write(anna, "/resume")
    last(bot_api, anna, 3)
    # What the first one answered is not answered again.
    assert [message.text[:3] for message in bot_api.from_bot(anna)] == ["Mie", "No ", "You"]


def test_what_was_written_before_the_server_ran_is_answered(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    anna = linked(bot_api, stores)
    bot_api.write(anna, "/mute 2h")  # while no server runs
    serve()
    assert last(bot_api, anna, 1).text.startswith("Muted until")


def test_an_update_that_cannot_be_read_stops_none_of_the_others(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    anna = linked(bot_api, stores)
    bot_api.write(anna, "/status")
    bot_api._world.updates.put("message", {"from": {"first_name": "Secretive"}})
    bot_api.write(anna, "/help")
    serve()
    assert HONEST_LINE in last(bot_api, anna, 2).text
    assert "could not be read" in caplog.text
    assert "Secretive" not in caplog.text


def test_a_slow_answer_to_one_keeps_nobody_waiting(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "PATIENCE_S", 0.1)
    serve()
    anna, ben = linked(bot_api, stores), linked(bot_api, stores, "Ben")
    bot_api.order(FaultKind.SILENT_BEFORE, "sendMessage", times=0, chat_id=anna)
    bot_api.write(anna, "/help")
    eventually(lambda: bool(bot_api.calls("sendMessage")))
    bot_api.write(ben, "/help")
    bot_api.wait_for(1, ben, within_s=8)  # less than the first one is waited for
    assert bot_api.from_bot(anna) == ()


def test_photos_wait_while_one_is_read_and_words_are_answered_meanwhile(
    bot_api: LocalBotApi, stores: Stores, serve: StartServer
) -> None:
    go_on = threading.Event()

    def slow(photo: bytes) -> PhotoAnswer:
        assert go_on.wait(30)
        return PhotoAnswer(photo, (), 0.45)

    serve(photo_reader=slow)
    anna = linked(bot_api, stores)
    for _ in range(3):
        bot_api.send_photo(anna, landscape())
    bot_api.write(anna, "/help")
    assert HONEST_LINE in last(bot_api, anna, 1).text
    go_on.set()
    assert all(message.text.startswith(NO_FACE) for message in bot_api.wait_for(4, anna)[1:])
