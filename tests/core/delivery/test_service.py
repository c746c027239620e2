"""Delivery as the server runs it, against the Bot API server and a mail server."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.alerts.alert import Answer
from core.alerts.change import Ending
from core.clock import SystemClock
from core.delivery import service as module
from core.delivery.running import NO_EMAIL, NO_TELEGRAM, Running
from core.delivery.secret import Secret
from core.delivery.service import NOT_RUNNING, STUMBLED, DeliveryService
from core.delivery.settings import DeliverySettings, EmailSettings, TelegramSettings
from core.delivery.stores import Stores
from core.delivery.words import REPEAT
from core.errors import DeliveryError
from core.records.database import open_database
from core.records.delivery import State
from core.records.recipient import ChannelKind
from deploy.demo_bot.faults import FaultKind
from tests.support.bot_api import LocalBotApi, running_bot_api
from tests.support.delivering import stores_on
from tests.support.episodes import new_alert
from tests.support.mail import HOST, running_mail_server
from tests.support.waiting import eventually

CLOCK = SystemClock()


@pytest.fixture
def bot_api() -> Iterator[LocalBotApi]:
    with running_bot_api() as running:
        yield running


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    database = open_database(None, tmp_path)
    yield stores_on(database, CLOCK)
    database.close()


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(
    caplog: pytest.LogCaptureFixture, bot_api: LocalBotApi
) -> Iterator[None]:
    before = logging.getLogRecordFactory()
    caplog.set_level(logging.DEBUG)
    yield
    assert bot_api.token not in caplog.text
    logging.setLogRecordFactory(before)


@pytest.fixture
def service(stores: Stores, bot_api: LocalBotApi) -> Iterator[DeliveryService]:
    running = DeliveryService(stores, DeliverySettings(telegram(bot_api)), CLOCK, "this server")
    running.start()
    yield running
    running.stop()


def telegram(bot_api: LocalBotApi) -> TelegramSettings:
    return TelegramSettings(Secret(bot_api.token), bot_api.url)


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(written, "JPEG")
    return written.getvalue()


def opened(stores: Stores, number: int = 1) -> str:
    new = new_alert(number, fired_utc=CLOCK.now_utc(), picture_jpeg=jpeg())
    return stores.alerts.open(new, 3600).id


def states(stores: Stores, alert_id: str) -> list[State]:
    return [delivery.state for delivery, _, _ in stores.outbox.trail(alert_id)]


def link(stores: Stores, bot_api: LocalBotApi, name: str = "Anna") -> int:
    chat = bot_api.add_person(name)
    stores.recipients.add(name, ChannelKind.TELEGRAM, str(chat))
    return chat


def test_an_alert_is_told_answered_by_its_button_and_changed_when_it_is_over(
    service: DeliveryService, stores: Stores, bot_api: LocalBotApi
) -> None:
    anna, ben = link(stores, bot_api), link(stores, bot_api, "Ben")
    alert_id = opened(stores)
    service.wake()
    [message] = bot_api.wait_for(chat_id=anna)
    bot_api.wait_for(chat_id=ben)
    assert message.photo()[:2] == b"\xff\xd8"
    bot_api.press(anna, message.message_id, "Acknowledge")
    eventually(lambda: "Anna has taken it." in bot_api.from_bot(ben)[0].text)
    eventually(lambda: "Anna has taken it." in bot_api.from_bot(anna)[0].text)
    assert bot_api.from_bot(ben)[0].buttons == {}
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answer is Answer.ACKNOWLEDGED
    stores.alerts.close(alert_id, CLOCK.now_utc(), Ending.CLEARED)
    service.wake()
    eventually(lambda: "It is over since" in bot_api.from_bot(ben)[0].text)
    assert (len(bot_api.from_bot(anna)), len(bot_api.from_bot(ben))) == (1, 1)
    assert service.health().telegram is None
    assert service.health().last_sent_utc is not None


def test_a_telegram_that_is_away_holds_e_mail_not_back_and_gets_its_alert_later(
    stores: Stores, bot_api: LocalBotApi, tmp_path: Path
) -> None:
    with running_mail_server(tmp_path) as (mail, _):
        email = EmailSettings(HOST, mail.port, "", Secret(""), "mien@example.org", "none")
        service = DeliveryService(
            stores, DeliverySettings(telegram(bot_api), email), CLOCK, "this server"
        )
        anna = link(stores, bot_api)
        stores.recipients.add("Ben", ChannelKind.EMAIL, "ben@example.org")
        bot_api.stop()
        service.start()
        alert_id = opened(stores)
        service.wake()
        eventually(lambda: len(mail.letters) == 1)
        eventually(lambda: service.health().telegram is not None)
        assert State.WAITING in states(stores, alert_id)
        bot_api.start()
        bot_api.wait_for(chat_id=anna)
        service.stop()
    assert len(bot_api.from_bot(anna)) == 1
    assert REPEAT not in bot_api.from_bot(anna)[0].text


def test_a_dead_token_keeps_alerts_until_another_is_given(
    service: DeliveryService, stores: Stores, bot_api: LocalBotApi
) -> None:
    anna = link(stores, bot_api)
    bot_api.revoke_token("6000000001:another-fake-token-of-the-tests-35")
    alert_id = opened(stores)
    service.wake()
    eventually(lambda: "token" in (service.health().telegram or ""))
    eventually(lambda: states(stores, alert_id) == [State.WAITING])
    new = TelegramSettings(Secret("6000000001:another-fake-token-of-the-tests-35"), bot_api.url)
    service.use(DeliverySettings(new))
    bot_api.wait_for(chat_id=anna)
    eventually(lambda: states(stores, alert_id) == [State.SENT])
    assert service.health().telegram is None


def test_without_any_channel_everything_else_works_and_alerts_wait(stores: Stores) -> None:
    service = DeliveryService(stores, DeliverySettings(), CLOCK, "this server")
    service.start()
    stores.recipients.add("Anna", ChannelKind.TELEGRAM, "1")
    dry = stores.recipients.add("Dry", ChannelKind.DRY_RUN, "dry")
    alert_id = opened(stores)
    service.wake()
    eventually(lambda: sorted(states(stores, alert_id)) == [State.SENT, State.WAITING])
    assert service.health().telegram == NO_TELEGRAM
    assert service.health().email == NO_EMAIL
    assert service.send_test(dry.id).sentence.startswith("Sent. Dry run, would have said:")
    service.stop()


@pytest.mark.parametrize(
    ("fault", "state", "says"),
    [
        pytest.param(None, State.SENT, "Sent.", id="well"),
        pytest.param(FaultKind.BLOCKED, State.REFUSED, "does not let us write", id="blocked"),
        pytest.param(FaultKind.UNAUTHORIZED, State.REFUSED, "token", id="dead token"),
        pytest.param(FaultKind.RESET_AFTER, State.UNCERTAIN, "may have arrived", id="broken"),
    ],
)
def test_the_test_message_tells_what_came_of_it(
    service: DeliveryService,
    stores: Stores,
    bot_api: LocalBotApi,
    fault: FaultKind | None,
    state: State,
    says: str,
) -> None:
    anna = link(stores, bot_api)
    if fault is not None:
        bot_api.order(fault, chat_id=anna)
    outcome = service.send_test(stores.recipients.all()[0].id)
    assert outcome.state is state
    assert says in outcome.sentence


def test_a_test_that_arrives_enables_a_recipient_again(
    service: DeliveryService, stores: Stores, bot_api: LocalBotApi
) -> None:
    link(stores, bot_api)
    recipient = stores.recipients.all()[0]
    stores.recipients.disable(recipient.id, "Blocked.")
    service.send_test(recipient.id)
    known = stores.recipients.one(recipient.id)
    assert known is not None
    assert known.disabled_why is None


def test_an_alert_arrives_without_the_database_and_is_not_doubled(
    service: DeliveryService, stores: Stores, bot_api: LocalBotApi
) -> None:
    anna = link(stores, bot_api)
    new = new_alert(fired_utc=CLOCK.now_utc(), picture_jpeg=jpeg())
    [outcome] = service.send_unrecorded(new, stores.recipients.all())
    assert outcome.state is State.SENT
    stores.alerts.open(new, 3600)
    service.wake()
    eventually(lambda: states(stores, new.id) == [State.SENT])
    assert len(bot_api.from_bot(anna)) == 1


@pytest.mark.parametrize("fault", [FaultKind.SILENT_BEFORE, FaultKind.SILENT_AFTER])
def test_a_stop_while_telegram_is_silent_ends_soon_and_loses_nothing(
    stores: Stores, bot_api: LocalBotApi, fault: FaultKind
) -> None:
    anna = link(stores, bot_api)
    bot_api.order(fault, "sendPhoto")
    first = DeliveryService(stores, DeliverySettings(telegram(bot_api)), CLOCK, "first")
    first.start()
    opened(stores)
    first.wake()
    eventually(lambda: bot_api.waiting_faults() == 0)
    first.stop(1.0)
    second = DeliveryService(stores, DeliverySettings(telegram(bot_api)), CLOCK, "second")
    second.start()
    messages = bot_api.wait_for(2 if fault is FaultKind.SILENT_AFTER else 1, anna)
    second.stop()
    assert REPEAT in messages[-1].text


def test_a_stop_while_the_network_is_down_gives_the_alert_back_untouched(
    service: DeliveryService, stores: Stores, bot_api: LocalBotApi
) -> None:
    anna = link(stores, bot_api)
    bot_api.stop()
    opened(stores)
    service.wake()
    eventually(lambda: service.health().telegram is not None)
    service.stop(3.0)
    bot_api.start()
    service.start()
    assert REPEAT not in bot_api.wait_for(chat_id=anna)[0].text
    service.stop()
    assert len(bot_api.from_bot(anna)) == 1


def test_the_bots_name_is_known_once_telegram_has_told_it(
    service: DeliveryService, bot_api: LocalBotApi
) -> None:
    eventually(lambda: service.health().bot_name == bot_api._world.bot.username)
    service.use(DeliverySettings())
    assert service.health().bot_name is None


def test_what_is_not_running_says_so(stores: Stores) -> None:
    service = DeliveryService(stores, DeliverySettings(), CLOCK, "this server")
    service.wake()
    service.stop()
    assert service.health().database == NOT_RUNNING
    with pytest.raises(DeliveryError, match="not running"):
        service.send_test(1)


def test_it_leaves_no_thread_behind_and_can_be_started_again(
    stores: Stores, bot_api: LocalBotApi
) -> None:
    service = DeliveryService(stores, DeliverySettings(telegram(bot_api)), CLOCK, "this server")
    for _ in range(2):
        service.start()
        eventually(lambda: service.health().database is None)
        service.stop()
    eventually(
        lambda: not [each for each in threading.enumerate() if each.name.startswith("mien-")]
    )


class TestAFaultOfOurs:
    """Ends delivery's loop as often as told; after that it lives."""

    @pytest.fixture
    def faults(self, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
        waiting: list[Exception] = []

        class Stumbling(Running):
            async def live(self) -> None:
                if waiting:
                    raise waiting.pop()
                await super().live()

        monkeypatch.setattr(module, "Running", Stumbling)
        return waiting

    def test_delivery_starts_again_and_what_waited_is_sent(
        self,
        stores: Stores,
        faults: list[Exception],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        pauses: list[int] = []
        monkeypatch.setattr(module, "backoff_s", lambda lives, _: pauses.append(lives) or 0.01)
        faults += [ZeroDivisionError()] * 3
        service = DeliveryService(stores, DeliverySettings(), CLOCK, "this server")
        stores.recipients.add("Dry", ChannelKind.DRY_RUN, "dry")
        alert_id = opened(stores)
        service.start()
        eventually(lambda: states(stores, alert_id) == [State.SENT])
        assert service.health().database is None
        assert pauses == [1, 2, 3]
        assert caplog.text.count("Delivery stumbled, and goes on") == 1
        service.stop()
        assert service.health().database == NOT_RUNNING

    def test_until_then_it_says_so_and_a_stop_waits_for_nothing(
        self, stores: Stores, faults: list[Exception], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "backoff_s", lambda *_: 3600.0)
        faults.append(ZeroDivisionError())
        service = DeliveryService(stores, DeliverySettings(), CLOCK, "this server")
        service.start()
        eventually(lambda: service.health().database == STUMBLED)
        with pytest.raises(DeliveryError, match="not running"):
            service.send_unrecorded(new_alert(), ())
        service.stop()
        assert not [each for each in threading.enumerate() if each.name == "mien-delivery"]
