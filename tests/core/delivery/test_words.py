"""What carers read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts.alert import DASHBOARD, Answer
from core.alerts.change import Ending
from core.alerts.rule import Signal
from core.delivery.words import (
    REPEAT,
    alert_text,
    buttons,
    cut,
    digest_text,
    gone_text,
    moment,
    please_check,
)
from tests.support.episodes import FIRED_UTC, alert, new_alert

VIENNA = timezone(timedelta(hours=1))
SOON = FIRED_UTC + timedelta(seconds=2)


def test_an_alert_in_plain_words() -> None:
    assert alert_text(alert(17), SOON, zone=VIENNA) == (
        "Mien · Alert 17 · Kitchen\n"
        "May be in pain, please check.\n"
        "Since 12:29:55, person 1 in the picture.\n"
        "Pain stayed at 50% or above for 5 seconds."
    )


def test_an_alert_that_is_not_recorded_yet_has_no_number() -> None:
    assert alert_text(new_alert(), SOON).startswith("Mien · Alert · Kitchen\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"over_utc": SOON, "ending": Ending.CLEARED}, "It is over since 12:30:02.",
                     id="over"),
        pytest.param({"over_utc": SOON, "ending": Ending.STOPPED}, "The watch ended at 12:30:02.",
                     id="stopped"),
        pytest.param({"over_utc": SOON, "ending": Ending.UNSEEN}, "it may not be over",
                     id="unseen"),
        pytest.param({"over_utc": SOON, "ending": Ending.RENEWED}, "under a new alert",
                     id="renewed"),
        pytest.param({"over_utc": SOON, "ending": Ending.HIDDEN}, "the camera shows too little",
                     id="hidden"),
        pytest.param({"answer": Answer.ACKNOWLEDGED, "answered_by": "Anna"}, "Anna has taken it.",
                     id="taken"),
        pytest.param({"answer": Answer.SNOOZED, "answered_by": "Anna"}, "and snoozed it",
                     id="snoozed"),
        pytest.param({"answer": Answer.FALSE_ALARM, "answered_by": "Anna"},
                     "Anna called it a false alarm.", id="false alarm"),
        pytest.param({"answer": Answer.ACKNOWLEDGED, "answered_by": DASHBOARD},
                     "\nSomebody at the dashboard has taken it.", id="taken at the dashboard"),
        pytest.param({"answer": Answer.ACKNOWLEDGED}, "\nSomebody has taken it.", id="by nobody"),
    ],
)  # fmt: skip
def test_news(changes: dict[str, object], said: str) -> None:
    assert said in alert_text(alert(17, **changes), SOON, zone=VIENNA)


def test_a_possible_repeat_and_a_reminder_say_so_before_anything_else() -> None:
    lines = alert_text(alert(17), SOON, maybe_repeat=True, reminder=2).splitlines()
    assert lines[1:3] == ["Reminder 2: nobody has answered yet.", REPEAT]


def test_a_late_message_says_how_late() -> None:
    later = FIRED_UTC + timedelta(minutes=11)
    assert "This message is 11 min late" in alert_text(alert(17), later)
    assert "late" not in alert_text(alert(17), later, reminder=1)
    assert "late" not in alert_text(alert(17), SOON)


@pytest.mark.parametrize("signal", Signal)
def test_every_signal_asks_to_check_and_claims_nothing(signal: Signal) -> None:
    said = please_check(alert(17, signal=signal, title="Any negative expression"))
    assert "check" in said
    assert "is in pain" not in said


def test_the_day_is_named_where_it_is_not_today() -> None:
    late = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert moment(late, late + timedelta(minutes=30), VIENNA) == "20 Nov 23:59:00"
    assert moment(late, late + timedelta(minutes=30), UTC) == "22:59:00"


def test_names_from_outside_stay_on_their_line() -> None:
    odd = alert(17, camera_name="Kitchen\nMien · Alert 18", title="A\n\nB" * 100)
    assert len(alert_text(odd, SOON).splitlines()) == 4


def test_a_digest_lists_what_was_held_oldest_first() -> None:
    held = [
        alert(19, signal=Signal.DARK, title="Dark", person=None),
        alert(18, over_utc=SOON, ending=Ending.CLEARED),
    ]
    lines = digest_text(held, SOON, VIENNA).splitlines()
    assert lines[0] == "Mien · Held back during quiet hours: 2 alerts"
    assert lines[1] == "Alert 18 · Kitchen · 12:30:00 · Pain. It is over since 12:30:02."
    assert lines[2].endswith("Dark. It is not over yet.")


def test_the_others_read_what_did_not_reach_whom() -> None:
    assert gone_text("Anna", "telegram", alert(17)).endswith(
        "Alert 17 · Kitchen did not reach them: May be in pain, please check."
    )
    assert "Alert" not in gone_text("Anna", "telegram", None)


def test_buttons_fit_into_what_telegram_takes() -> None:
    data = [button.data for row in buttons("f" * 32) for button in row]
    assert [each.partition(":")[0] for each in data] == ["ack", "snooze", "false"]
    assert max(len(each.encode()) for each in data) <= 64


@given(text=st.text(max_size=3000), letters=st.integers(10, 1024))
def test_what_is_cut_fits(text: str, letters: int) -> None:
    short = cut(text, letters)
    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= letters
    assert short == text or short.endswith("…")


def test_cut_ends_with_a_whole_word() -> None:
    assert cut("May be in pain, please check.", 20) == "May be in pain, …"
