from __future__ import annotations

from datetime import timedelta

import pytest

from app.alerts.words import (
    answered,
    course,
    delivery_title,
    escalation,
    short_email,
    standing_of,
)
from core.alerts.alert import DASHBOARD, Alert, Answer
from core.alerts.change import Ending
from core.records.delivery import Delivery, Kind, State
from core.records.recipient import ChannelKind, Recipient
from tests.support.episodes import FIRED_UTC, alert

LATER = FIRED_UTC + timedelta(minutes=3)


def _person(name: str, turn: int = 1, **more: object) -> Recipient:
    return Recipient(len(name), name, ChannelKind.TELEGRAM, "4711", turn, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("episode", "said"),
    [
        pytest.param(alert(), "Going on for 3 min", id="open"),
        pytest.param(
            alert(over_utc=LATER, ending=Ending.CLEARED), "Over after 3 min", id="cleared"
        ),
        pytest.param(
            alert(over_utc=LATER, ending=Ending.STOPPED), "The watch ended after 3 min", id="stop"
        ),
        pytest.param(
            alert(over_utc=LATER, ending=Ending.HIDDEN),
            "After 3 min something graver about the camera took its place",
            id="hidden",
        ),
    ],
)
def test_how_it_went(episode: Alert, said: str) -> None:
    assert course(episode, LATER) == said


@pytest.mark.parametrize(
    ("episode", "said"),
    [
        pytest.param(alert(), "Nobody has answered", id="none"),
        pytest.param(alert(held=True), "Held for the morning", id="held"),
        pytest.param(
            alert(answer=Answer.ACKNOWLEDGED, answered_by="Anna"), "Anna has taken it", id="Anna"
        ),
        pytest.param(
            alert(answer=Answer.ACKNOWLEDGED, answered_by=DASHBOARD),
            "Taken on the dashboard",
            id="page",
        ),
        pytest.param(
            alert(answer=Answer.SNOOZED, answered_by="Ben"), "Snoozed by Ben", id="snoozed"
        ),
        pytest.param(
            alert(answer=Answer.FALSE_ALARM, answered_by="Ben"), "False alarm, says Ben", id="false"
        ),
    ],
)
def test_who_answered(episode: Alert, said: str) -> None:
    assert answered(episode) == said


@pytest.mark.parametrize(
    ("people", "reminders", "said"),
    [
        pytest.param([], 3, "Nobody is told.", id="nobody"),
        pytest.param(
            [_person("Anna")],
            3,
            "Anna is told at once. Whoever was told is reminded 3 times, every 3 min, until "
            "somebody answers.",
            id="one",
        ),
        pytest.param(
            [_person("Anna"), _person("Ben"), _person("Carol", 2)],
            2,
            "Anna and Ben are told at once; if nobody has answered after 9 min, Carol. Whoever was "
            "told is reminded twice, every 3 min, until somebody answers.",
            id="two turns",
        ),
        pytest.param(
            [_person("Anna"), _person("Ben", 2, disabled_why="Blocked the bot."), _person("Di", 3)],
            0,
            "Anna is told at once; if nobody has answered after 3 min, Di. There are no reminders.",
            id="who can't be reached is left out",
        ),
    ],
)
def test_escalation_is_one_sentence(people: list[Recipient], reminders: int, said: str) -> None:
    assert escalation(people, reminders, 180) == said


def test_what_keeps_somebody_from_being_told() -> None:
    muted = _person("Anna", muted_until_utc=FIRED_UTC + timedelta(minutes=30))
    assert standing_of(muted, FIRED_UTC, FIRED_UTC.tzinfo) == "Muted until today, 12:00"
    assert standing_of(muted, FIRED_UTC + timedelta(hours=1), None) == "Will be told"
    gone = _person("Ben", disabled_why="Has blocked the bot.")
    assert standing_of(gone, FIRED_UTC, None) == "Has blocked the bot."


def test_reminders_carry_their_number() -> None:
    row = Delivery(1, "a", 1, Kind.REMINDER, State.SENT, FIRED_UTC, LATER, reminder=2)
    assert delivery_title(row) == "Reminder 2"


def test_an_address_is_not_shown_whole() -> None:
    assert short_email("anna.huber@example.org") == "an…@example.org"
