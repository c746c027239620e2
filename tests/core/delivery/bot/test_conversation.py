from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from core.alerts.alert import Answer
from core.alerts.change import Ending
from core.alerts.presets import PRESETS
from core.alerts.rule import Severity, Signal, WatchRule
from core.alerts.standing import Phase, Standing
from core.delivery.bot.conversation import HOW_TO_MUTE, Conversation
from core.delivery.bot.door import Door
from core.delivery.bot.help import COMMANDS
from core.delivery.bot.incoming import Other, Text, read_update
from core.delivery.stores import Stores
from core.expression.wording import HONEST_LINE
from core.records.recipient import ChannelKind, Recipient
from tests.support.clock import FakeClock
from tests.support.episodes import new_alert
from tests.support.updates import ANNA, BOT_NAME, NOON, document, message

PAIN = PRESETS["pain-careful"].rule
LOST = WatchRule(Signal.CAMERA_LOST, 60.0, Severity.HIGH)


@dataclass(frozen=True)
class FakeCamera:
    """Nothing happens before it."""

    id: str = "kitchen-1"
    name: str = "Kitchen"
    since_utc: datetime = NOON - timedelta(hours=2)
    last_face_utc: datetime | None = NOON - timedelta(minutes=3)
    standing: tuple[Standing, ...] = (Standing(PAIN, 1, Phase.CLEAR, 0.05, 0.0),)
    lost_for_s: float | None = None
    trouble: str | None = None


@dataclass
class FakeTower:
    """Some cameras, and their pictures by id."""

    watched: Sequence[FakeCamera] = ()
    pictures: dict[str, bytes] = field(default_factory=dict)

    def cameras(self) -> Sequence[FakeCamera]:
        return self.watched

    def snapshot(self, camera_id: str) -> bytes | None:
        return self.pictures.get(camera_id)


@pytest.fixture
def tower() -> FakeTower:
    return FakeTower()


@pytest.fixture
def conversation(
    stores: Stores, clock: FakeClock, door: Door, tower: FakeTower, anna: Recipient
) -> Conversation:
    """Anna is linked."""
    return Conversation(stores, clock, door, tower, UTC)


def said(text: str) -> Text:
    read = read_update(message(text=text), BOT_NAME)
    assert isinstance(read, Text)
    return read


def answered(conversation: Conversation, text: str) -> str:
    (answer,) = conversation.answer(said(text))
    return answer.text


def test_help_tells_every_command_and_what_mien_is_not(conversation: Conversation) -> None:
    for text in ("/help", "/start", "What can you do?"):
        answer = answered(conversation, text)
        assert all(f"/{command}" in answer for command in COMMANDS)
        assert HONEST_LINE in answer


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_that_is_offered_is_known(conversation: Conversation, command: str) -> None:
    assert "no command" not in answered(conversation, f"/{command}")
    assert "no command" in answered(conversation, "/dance")


@pytest.mark.parametrize(
    ("camera", "lines"),
    [
        pytest.param(
            FakeCamera(),
            [
                "Kitchen: watched since 10:00:00.",
                "Last face at 11:57:00, 3 min ago.",
                "All quiet: nothing is near an alert.",
            ],
            id="all quiet",
        ),
        pytest.param(
            FakeCamera(last_face_utc=NOON, standing=(Standing(PAIN, 2, Phase.PENDING, 0.62, 3.0),)),
            ["A face is seen now.", f"{PAIN.title}, person 2: rising at 62%, for 3 s."],
            id="rising",
        ),
        pytest.param(
            FakeCamera(standing=(Standing(LOST, None, Phase.PENDING, None, 24.0),)),
            [f"{LOST.title}: for 24 s so far."],
            id="a camera's condition begins",
        ),
        pytest.param(
            FakeCamera(standing=(Standing(PAIN, 1, Phase.FIRING, 0.81, 75.0),)),
            [f"{PAIN.title}, person 1: alert at 81%, for 1 min."],
            id="firing",
        ),
        pytest.param(
            FakeCamera(standing=(Standing(PAIN, 1, Phase.RESOLVING, 0.1, 4.0),)),
            [f"{PAIN.title}, person 1: easing at 10%, for 4 s."],
            id="easing",
        ),
        pytest.param(
            FakeCamera(standing=(Standing(PAIN, 1, Phase.SNOOZED, 0.1, 0.0, 99.0),)),
            [f"{PAIN.title}, person 1: snoozed."],
            id="snoozed",
        ),
        pytest.param(
            FakeCamera(standing=(Standing(PAIN, None, Phase.COOLING, None, 0.0, 99.0),)),
            [f"{PAIN.title}: told a moment ago, resting."],
            id="resting",
        ),
        pytest.param(
            FakeCamera(last_face_utc=None, lost_for_s=7500.0, trouble="The alert model is gone."),
            [
                "No picture has come for 2 h 5 min.",
                "The alert model is gone.",
                "No face has been seen yet.",
            ],
            id="in trouble",
        ),
    ],
)
def test_status_tells_of_each_camera(
    conversation: Conversation, tower: FakeTower, camera: FakeCamera, lines: list[str]
) -> None:
    tower.watched = (camera,)
    told = answered(conversation, "/status").splitlines()
    assert [line for line in told if line in lines] == lines
    assert told[-1] == "No alert is open."


def test_status_without_a_camera_says_how_to_get_one(conversation: Conversation) -> None:
    assert "No camera is being watched now." in answered(conversation, "/status")


def test_status_tells_of_open_alerts_and_who_has_them(
    conversation: Conversation, stores: Stores
) -> None:
    for number in (1, 2, 3):
        stores.alerts.open(new_alert(number, fired_utc=NOON), deadline_s=3600)
    stores.alerts.answer(2, Answer.ACKNOWLEDGED, "Ben")
    stores.alerts.close(new_alert(3).id, NOON, Ending.CLEARED)
    told = answered(conversation, "/status")
    assert "Alert 1 · Kitchen: Pain, since 12:00:00. Nobody has answered yet." in told
    assert "Alert 2 · Kitchen: Pain, since 12:00:00. Ben has taken it." in told
    assert "Alert 3" not in told


def test_status_tells_who_is_not_reached_and_who_is_muted(
    conversation: Conversation, stores: Stores
) -> None:
    ben = stores.recipients.add("Ben", ChannelKind.EMAIL, "ben@example.org")
    stores.recipients.disable(ben.id, "The bot was blocked.")
    answered(conversation, "/mute 30m")
    told = answered(conversation, "/status")
    assert "Ben gets no messages: The bot was blocked." in told
    assert "You are muted until 12:30:00." in told
    assert "ben@" not in told


def test_a_mute_is_kept_and_explained(conversation: Conversation, stores: Stores) -> None:
    answer = answered(conversation, "/mute 2h")
    assert answer.startswith("Muted until 14:00:00.")
    assert "medium severity wait" in answer
    assert "high severity still come, without a sound" in answer
    (anna,) = stores.recipients.all()
    assert anna.muted_until_utc == NOON + timedelta(hours=2)


@pytest.mark.parametrize("command", ["/resume", "/mute off", "/unmute"])
def test_a_mute_can_be_ended(conversation: Conversation, stores: Stores, command: str) -> None:
    answered(conversation, "/mute 2h")
    assert "not muted" in answered(conversation, command)
    (anna,) = stores.recipients.all()
    assert anna.muted_until_utc is None


@pytest.mark.parametrize("command", ["/mute", "/mute 3 days", "/mute until noon"])
def test_a_mute_that_is_not_understood_changes_nothing(
    conversation: Conversation, stores: Stores, command: str
) -> None:
    assert answered(conversation, command) == HOW_TO_MUTE
    (anna,) = stores.recipients.all()
    assert anna.muted_until_utc is None


def test_a_snapshot_of_each_camera_comes_back(
    conversation: Conversation, tower: FakeTower, caplog: pytest.LogCaptureFixture
) -> None:
    tower.watched = (FakeCamera("a", "Kitchen"), FakeCamera("b", "Bedroom"))
    tower.pictures = {"a": b"kitchen", "b": b"bedroom"}
    with caplog.at_level(logging.INFO):
        answers = conversation.answer(said("/snapshot"))
    assert [answer.picture_jpeg for answer in answers] == [b"kitchen", b"bedroom"]
    assert answers[0].text == "Kitchen at 12:00:00. This picture is not kept by Mien."
    assert "asked for a picture" in caplog.text
    assert str(ANNA) not in caplog.text
    assert "Anna" not in caplog.text


def test_one_camera_can_be_asked_for(conversation: Conversation, tower: FakeTower) -> None:
    tower.watched = (FakeCamera("a", "Kitchen"), FakeCamera("b", "Bedroom"))
    tower.pictures = {"a": b"kitchen", "b": b"bedroom"}
    (answer,) = conversation.answer(said("/snapshot bed"))
    assert answer.picture_jpeg == b"bedroom"
    assert "There is: Kitchen, Bedroom." in answered(conversation, "/snapshot cellar")


def test_a_camera_without_a_picture_says_so(conversation: Conversation, tower: FakeTower) -> None:
    assert "No camera is being watched now." in answered(conversation, "/snapshot")
    tower.watched = (FakeCamera(),)
    assert "there is no picture now" in answered(conversation, "/snapshot")


def test_what_cannot_be_read_is_answered(conversation: Conversation) -> None:
    sent = read_update(message(document=document("audio/ogg")), BOT_NAME)
    assert isinstance(sent, Other)
    welcome, (answer,) = conversation.welcomes(sent)
    assert not welcome
    assert "I can read photos" in answer.text
