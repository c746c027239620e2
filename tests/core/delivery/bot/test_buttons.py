from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from core.alerts.alert import Answer
from core.clock import Clock
from core.delivery.bot.buttons import NO_USE, SNOOZE, Buttons, PressResult
from core.delivery.bot.door import Door
from core.delivery.bot.incoming import Press, read_update
from core.delivery.stores import Stores
from core.delivery.words import buttons as buttons_of
from core.records.delivery import Kind, State
from core.records.recipient import ChannelKind, Recipient
from tests.support.clock import FakeClock
from tests.support.episodes import new_alert
from tests.support.updates import ANNA, BOT_NAME, GROUP, NOON, press

BEN = 4712


@pytest.fixture
def buttons(stores: Stores, clock: Clock, door: Door) -> Buttons:
    return Buttons(stores, clock, door, UTC)


@pytest.fixture
def alert_id(stores: Stores, anna: Recipient) -> str:
    """Of an alert that Anna has got."""
    alert = stores.alerts.open(new_alert(fired_utc=NOON), deadline_s=3600)
    for delivery in stores.outbox.lease("server", 10, 30.0):
        stores.outbox.finish(delivery.id, State.SENT, "Sent.", f"{ANNA}:1")
    return alert.id


@pytest.fixture
def ben(stores: Stores) -> Recipient:
    return stores.recipients.add("Ben", ChannelKind.TELEGRAM, str(BEN))


def pressed(
    buttons: Buttons, data: str, chat_id: int | None = ANNA, first_name: str = "Anna"
) -> PressResult:
    read = read_update(press(data, chat_id, first_name), BOT_NAME)
    assert isinstance(read, Press)
    return buttons.press(read)


@pytest.mark.parametrize(
    ("word", "answer", "said"),
    [
        pytest.param("ack", Answer.ACKNOWLEDGED, "Alert 1 is yours.", id="acknowledge"),
        pytest.param("snooze", Answer.SNOOZED, "“Pain” stays quiet until 12:30", id="snooze"),
        pytest.param("false", Answer.FALSE_ALARM, "noted as a false alarm", id="false alarm"),
    ],
)
def test_a_press_is_recorded(
    buttons: Buttons, stores: Stores, alert_id: str, word: str, answer: Answer, said: str
) -> None:
    result = pressed(buttons, f"{word}:{alert_id}")
    assert said in result.sentence
    assert (result.loud, result.counted) == (False, True)
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert (alert.answer, alert.answered_by, alert.answered_utc) == (answer, "Anna", NOON)


def test_a_press_edits_everyones_message(buttons: Buttons, stores: Stores, alert_id: str) -> None:
    pressed(buttons, f"ack:{alert_id}")
    (update,) = stores.outbox.lease("server", 10, 30.0)
    assert (update.kind, update.alert_id) == (Kind.UPDATE, alert_id)


@pytest.mark.parametrize("word", ["ack", "snooze", "false"])
def test_pressing_twice_changes_nothing(
    buttons: Buttons, stores: Stores, alert_id: str, clock: FakeClock, word: str
) -> None:
    pressed(buttons, f"{word}:{alert_id}")
    before = stores.alerts.by_id(alert_id), stores.snoozes.active()
    clock.advance(60)
    again = pressed(buttons, f"{word}:{alert_id}")
    assert "You have already" in again.sentence
    assert (again.loud, again.counted) == (False, False)
    assert (stores.alerts.by_id(alert_id), stores.snoozes.active()) == before


def test_the_first_answer_counts(
    buttons: Buttons, stores: Stores, alert_id: str, ben: Recipient
) -> None:
    pressed(buttons, f"ack:{alert_id}")
    second = pressed(buttons, f"snooze:{alert_id}", BEN, "Ben")
    assert second == PressResult("Anna has already taken alert 1.", loud=True)
    assert stores.snoozes.active() == ()
    assert ben in stores.recipients.all()


def test_anybody_of_a_linked_group_may_press_and_is_named(
    buttons: Buttons, stores: Stores, alert_id: str
) -> None:
    stores.recipients.add("Family", ChannelKind.TELEGRAM, str(GROUP))
    pressed(buttons, f"ack:{alert_id}", GROUP, "Carla")
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answered_by == "Carla (Family)"


def test_a_snooze_rests_the_rule_on_its_camera(
    buttons: Buttons, stores: Stores, alert_id: str
) -> None:
    pressed(buttons, f"snooze:{alert_id}")
    (snooze,) = stores.snoozes.active()
    assert (snooze.camera_id, snooze.rule_key, snooze.person) == ("kitchen-1", "pain", None)
    assert (snooze.until_utc, snooze.by) == (NOON + SNOOZE, "Anna")


def test_a_snooze_that_was_answered_but_not_kept_is_kept_by_the_next_press(
    buttons: Buttons, stores: Stores, alert_id: str, clock: FakeClock
) -> None:
    stores.alerts.answer(alert_id, Answer.SNOOZED, "Anna")
    clock.advance(60)
    pressed(buttons, f"snooze:{alert_id}")
    assert [snooze.until_utc for snooze in stores.snoozes.active()] == [NOON + SNOOZE]


def test_a_snooze_that_is_over_is_not_begun_again(
    buttons: Buttons, stores: Stores, alert_id: str, clock: FakeClock
) -> None:
    pressed(buttons, f"snooze:{alert_id}")
    clock.advance(timedelta(hours=2).total_seconds())
    pressed(buttons, f"snooze:{alert_id}")
    assert stores.snoozes.active() == ()


@pytest.mark.parametrize(
    ("data", "chat_id"),
    [
        pytest.param("ack:{id}", 666, id="a stranger"),
        pytest.param("ack:{id}", None, id="no chat"),
        pytest.param("ack:" + "f" * 32, ANNA, id="an alert that is not kept"),
        pytest.param("ack:", ANNA, id="no alert"),
        pytest.param("", ANNA, id="nothing"),
        pytest.param("ack:{id}:{id}", ANNA, id="too much"),
        pytest.param("shout:{id}", ANNA, id="no such button"),
        pytest.param("ACK:{id}", ANNA, id="in capitals"),
        pytest.param("ack:'; drop table alert", ANNA, id="mischief"),
    ],
)
def test_what_cannot_count_is_answered_all_the_same(
    buttons: Buttons, stores: Stores, alert_id: str, data: str, chat_id: int | None
) -> None:
    result = pressed(buttons, data.replace("{id}", alert_id), chat_id)
    assert result == PressResult(NO_USE, loud=True)
    alert = stores.alerts.by_id(alert_id)
    assert alert is not None
    assert alert.answer is None


def test_every_button_under_an_alert_is_understood(
    buttons: Buttons, stores: Stores, anna: Recipient
) -> None:
    for number in range(1, 4):
        stores.alerts.open(new_alert(number, fired_utc=NOON), deadline_s=3600)
    laid = [button.data for row in buttons_of("{}") for button in row]
    results = [pressed(buttons, data.format(f"{n:032x}")) for n, data in enumerate(laid, start=1)]
    assert [result.counted for result in results] == [True] * 3
    assert len({one.answer for one in map(stores.alerts.one, (1, 2, 3)) if one}) == 3


def test_what_is_said_fits_into_a_note(buttons: Buttons, stores: Stores, alert_id: str) -> None:
    stores.recipients.add("F" * 40, ChannelKind.TELEGRAM, str(GROUP))
    pressed(buttons, f"false:{alert_id}", GROUP, "C" * 64)
    assert len(pressed(buttons, f"ack:{alert_id}").sentence) <= 200
