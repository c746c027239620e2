"""The Alerts page without a browser: a real database, real services, no token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import composition
from app.alerts.page import NOT_FOR
from app.words import HONEST_LINE
from core.alerts.alert import Alert, Answer
from core.alerts.change import Ending
from core.alerts.policy import AlertPolicy
from core.alerts.rule import AlertRule, Severity, Signal
from core.clock import SystemClock
from core.delivery.stores import Stores
from core.records.delivery import State
from core.records.recipient import ChannelKind
from tests.support.alert_services import running_alert_system
from tests.support.episodes import new_alert, why_pain
from tests.support.pictures import portrait
from tests.support.waiting import eventually

PAGE = str(Path("pages/alerts.py").resolve())


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    """Of the alerts of a new server on which no channel is set up."""
    with running_alert_system(tmp_path, monkeypatch) as system:
        yield system.opened().stores


@pytest.fixture
def page(stores: Stores) -> AppTest:
    """The page as a visitor finds it; not run yet."""
    return AppTest.from_file(PAGE, default_timeout=60)


def _fired(stores: Stores, number: int = 1, ago_s: float = 60, **changes: object) -> Alert:
    fired_utc = SystemClock().now_utc() - timedelta(seconds=ago_s)
    new = new_alert(number, fired_utc, why=why_pain(fired_utc), **changes)
    return stores.alerts.open(new, 3600)


def _said(page: AppTest) -> str:
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "error")
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def _rows(page: AppTest) -> list[str]:
    return [element.value for element in page.markdown if element.value.startswith("**Alert")]


def _press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def test_an_empty_page_says_what_would_be_here_and_how_to_try_it(page: AppTest) -> None:
    page.run()
    assert not page.exception
    said = _said(page)
    assert "No alerts yet" in said
    assert "make demo-bot" in said
    assert "test message" in said
    assert HONEST_LINE in said
    assert NOT_FOR in said


def test_episodes_stand_newest_first_with_how_they_went(page: AppTest, stores: Stores) -> None:
    first = _fired(stores, 1, ago_s=600)
    stores.alerts.close(first.id, first.fired_utc + timedelta(seconds=95), Ending.CLEARED)
    stores.alerts.answer(first.id, Answer.ACKNOWLEDGED, "Anna")
    _fired(stores, 2, ago_s=30, title="Camera lost", signal=Signal.CAMERA_LOST, person=None)
    page.run()
    rows = _rows(page)
    assert [row[2:9] for row in rows] == ["Alert 2", "Alert 1"]
    assert "Needs an answer" in rows[0]
    assert "Over after 1 min 35 s. Anna has taken it." in rows[1]


@pytest.mark.parametrize(
    ("kind", "key", "value", "numbers"),
    [
        pytest.param("text_input", "text", "hall", [3], id="text"),
        pytest.param("pills", "severities", [Severity.MEDIUM], [2], id="severity"),
        pytest.param("pills", "answers", ["false alarm"], [1], id="answer"),
        pytest.param("pills", "answers", ["unanswered"], [3, 2], id="no answer"),
        pytest.param("pills", "states", ["over"], [1], id="over"),
        pytest.param("segmented_control", "days", 1, [3, 2], id="days"),
    ],
)
def test_filters(
    page: AppTest, stores: Stores, kind: str, key: str, value: object, numbers: list[int]
) -> None:
    old = _fired(stores, 1, ago_s=2 * 86400)
    stores.alerts.answer(old.id, Answer.FALSE_ALARM, "Ben")
    stores.alerts.close(old.id, SystemClock().now_utc(), Ending.CLEARED)
    _fired(stores, 2, severity=Severity.MEDIUM)
    _fired(stores, 3, camera_name="Hall")
    page.run()
    getattr(page, kind)(key=f"alerts-{key}").set_value(value).run()
    assert not page.exception
    assert [int(row[8]) for row in _rows(page)] == numbers


def test_nothing_that_matches_is_not_nothing_at_all(page: AppTest, stores: Stores) -> None:
    _fired(stores)
    page.run()
    page.text_input(key="alerts-text").set_value("cellar").run()
    assert "Nothing matches" in _said(page)
    assert "No alerts yet" not in _said(page)


def test_many_episodes_have_pages(page: AppTest, stores: Stores) -> None:
    for number in range(1, 24):
        _fired(stores, number)
    page.run()
    _press(page, "Older")
    rows = _rows(page)
    assert [row.split(" ")[1] for row in rows] == ["3", "2", "1"]
    _press(page, "Newer")
    assert "Alert 23" in _said(page)


def test_an_opened_episode_tells_why_who_was_told_and_takes_an_answer(
    page: AppTest, stores: Stores
) -> None:
    anna = stores.recipients.add("Anna", ChannelKind.TELEGRAM, "4711")
    episode = _fired(stores, picture_jpeg=portrait())
    (row, *_) = stores.outbox.lease("test", 1, 30)
    stores.outbox.finish(row.id, State.REFUSED, "Anna has blocked the bot.")
    page.query_params["alert"] = "1"
    page.run()
    assert not page.exception
    said = _said(page)
    assert "Pain stayed at 50% or above for 5 seconds" in said
    assert "**Anna** · Telegram" in said
    assert "Anna has blocked the bot." in said
    assert "not delivered" in said
    assert len(page.get("plotly_chart")) == 1
    assert "Kept for 7 days, then deleted." in said

    _press(page, "Acknowledge")
    answered = stores.alerts.by_id(episode.id)
    assert answered is not None
    assert (answered.answer, answered.answered_by) == (Answer.ACKNOWLEDGED, "the dashboard")
    assert "Taken on the dashboard" in _said(page)
    assert anna.name not in (answered.answered_by or "")

    _press(page, "All alerts")
    assert "alert" not in page.query_params


def test_a_picture_that_expired_is_said(page: AppTest, stores: Stores) -> None:
    _fired(stores)
    page.query_params["alert"] = "1"
    page.run()
    assert "No picture: it has expired, or none was taken." in _said(page)
    assert "there was no recipient when it fired" in _said(page)
    _press(page, "False alarm")
    assert "Marked as a false alarm here" in _said(page)


@pytest.mark.parametrize("address", ["99", "x", "1; drop table alert"])
def test_an_address_of_no_episode(page: AppTest, stores: Stores, address: str) -> None:
    _fired(stores)
    page.query_params["alert"] = address
    page.run()
    assert not page.exception
    assert ("There is no alert 99" in _said(page)) is (address == "99")


def _people(page: AppTest) -> AppTest:
    page.run()
    page.segmented_control(key="section").set_value("Who is told").run()
    assert not page.exception
    return page


def test_what_is_not_set_up_is_said_in_sentences(page: AppTest) -> None:
    said = _said(_people(page))
    assert "Telegram is not set up" in said
    assert "E-mail is not set up" in said
    assert "Nobody is told yet" in said


def test_without_recipients_the_list_leads_to_them(page: AppTest, stores: Stores) -> None:
    _fired(stores)
    page.run()
    assert "Nobody is told when an alert fires" in _said(page)
    _press(page, "Choose who is told")
    assert "Nobody is told yet" in _said(page)
    stores.recipients.add("Anna", ChannelKind.DRY_RUN, "d1")
    page.segmented_control(key="section").set_value("Episodes").run()
    assert "Nobody is told when an alert fires" not in _said(page)


def test_a_dry_run_is_added_and_tested(page: AppTest, stores: Stores) -> None:
    _people(page)
    form = next(e for e in page.expander if e.label == "Add a dry run")
    form.text_input[0].set_value("Rehearsal")
    form.button[0].click().run()
    assert not page.exception
    (who,) = stores.recipients.all()
    assert (who.name, who.channel, who.turn) == ("Rehearsal", ChannelKind.DRY_RUN, 1)
    assert "Rehearsal is told at once" in _said(page)

    _press(page, "Send a test message")
    eventually(lambda: "would have been sent" in _said(page.run()))


@pytest.mark.parametrize(
    ("address", "is_added"),
    [("anna@example.org", True), ("anna", False), ("a b@example.org", False), ("a@b@c.org", False)],
)
def test_an_email_address_is_checked(
    page: AppTest, stores: Stores, address: str, is_added: bool
) -> None:
    _people(page)
    form = next(e for e in page.expander if e.label == "Add an e-mail address")
    form.text_input[0].set_value("Anna")
    form.text_input[1].set_value(address)
    form.button[0].click().run()
    assert not page.exception
    assert len(stores.recipients.all()) == is_added
    assert ("That is no e-mail address" in _said(page)) is not is_added
    assert address not in _said(page)


def test_a_recipient_is_renamed_moved_to_a_later_turn_and_removed(
    page: AppTest, stores: Stores
) -> None:
    stores.recipients.add("Anna", ChannelKind.DRY_RUN, "d1")
    stores.recipients.add("Ben", ChannelKind.DRY_RUN, "d2")
    _people(page)
    page.text_input[0].set_value("Anne")
    page.number_input[0].set_value(2)
    next(button for button in page.main.button if button.label == "Save").click().run()
    assert not page.exception
    assert [(who.name, who.turn) for who in stores.recipients.all()] == [("Ben", 1), ("Anne", 2)]
    assert "Ben is told at once; if nobody has answered after 12 min, Anne." in _said(page)

    page.checkbox(key="recipient-sure-2").check().run()
    _press(page, "Yes, remove")
    assert [who.name for who in stores.recipients.all()] == ["Anne"]


def test_whoever_cannot_be_reached_is_named_and_tried_again(page: AppTest, stores: Stores) -> None:
    who = stores.recipients.add("Anna", ChannelKind.TELEGRAM, "4711")
    stores.recipients.disable(who.id, "Has blocked the bot.")
    said = _said(_people(page))
    assert "Has blocked the bot." in said
    assert "4711" not in said
    _press(page, "Try again")
    assert "Has blocked the bot." not in _said(page)
    assert "messages wait until it is" in _said(page)


def test_a_snooze_is_shown_and_ended_early(page: AppTest, stores: Stores) -> None:
    stores.recipients.add("Anna", ChannelKind.DRY_RUN, "d1")
    until_utc = SystemClock().now_utc() + timedelta(minutes=30)
    stores.snoozes.add("kitchen", "pain", 1, until_utc, "Anna")
    assert "Pain, person 1, until" in _said(_people(page))
    _press(page, "End it")
    assert not stores.snoozes.active()
    assert "Snoozed now" not in _said(page)


def test_a_carer_is_linked_by_a_code(
    page: AppTest, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        composition, "delivery_settings", lambda: _WithTelegram(composition.alert_system().settings)
    )
    _people(page)
    form = next(e for e in page.expander if e.label == "Link a carer's Telegram")
    form.text_input[0].set_value("Anna")
    form.number_input[0].set_value(2)
    form.button[0].click().run()
    assert not page.exception
    assert "Works once, for another" in _said(page)
    code = page.session_state["alerts-link"].code
    assert [code] == [shown.value for shown in page.code]

    assert stores.link_codes.redeem(code, ChannelKind.TELEGRAM, "4711", "anna_h") is not None
    page.run()
    assert not page.exception
    assert "alerts-link" not in page.session_state
    assert "**Anna** · Telegram · turn 2" in _said(page)
    assert "Anna is linked" in page.toast[0].value


class _WithTelegram:
    """The settings of a server with a token; nothing is sent by it."""

    def __init__(self, settings: object) -> None:
        self.telegram = object()
        self.email = None
        self.missing = ()


def _rule(stores: Stores) -> AlertRule:
    rule = stores.policy.load().rules[0]
    assert isinstance(rule, AlertRule)
    return rule


def test_the_sidebar_saves_on_the_server(page: AppTest, stores: Stores) -> None:
    page.run()
    page.slider(key="tuning-rule.enter").set_value(0.7).run()
    page.slider(key="tuning-rule.dwell_s").set_value(8.0).run()
    assert not page.exception
    assert (_rule(stores).enter, _rule(stores).dwell_s) == (0.7, 8.0)
    assert page.selectbox(key="tuning-preset").value == "own"
    page.selectbox(key="tuning-preset").set_value("pain-sensitive").run()
    assert (_rule(stores).enter, _rule(stores).dwell_s) == (0.35, 3.0)
    assert page.slider(key="tuning-rule.enter").value == 0.35


def test_what_makes_no_sense_is_not_saved_and_stays_as_it_was_set(
    page: AppTest, stores: Stores
) -> None:
    page.run()
    page.slider(key="tuning-rule.enter").set_value(0.2).run()
    assert "The upper line must lie above the lower one. Not saved yet." in page.warning[0].value
    assert stores.policy.load() == AlertPolicy()
    assert page.slider(key="tuning-rule.enter").value == 0.2

    page.slider(key="tuning-rule.exit").set_value(0.1).run()
    assert not page.warning
    assert (_rule(stores).enter, _rule(stores).exit) == (0.2, 0.1)


def test_ones_own_labels(page: AppTest, stores: Stores) -> None:
    page.run()
    page.radio(key="tuning-looks-at").set_value("own").run()
    page.multiselect(key="tuning-rule.labels").set_value(["sad", "fear"]).run()
    assert not page.exception
    assert set(_rule(stores).labels) == {"sad", "fear"}
    page.multiselect(key="tuning-rule.labels").set_value([]).run()
    assert "Choose at least one expression" in page.warning[0].value
    assert set(_rule(stores).labels) == {"sad", "fear"}
    page.radio(key="tuning-looks-at").set_value("pain-careful").run()
    assert not page.warning
    assert _rule(stores).labels == ("pain",)


def test_minutes_are_kept_as_seconds(page: AppTest, stores: Stores) -> None:
    page.run()
    page.toggle(key="tuning-watch.absent.enabled").set_value(True).run()
    page.number_input(key="tuning-watch.absent.after_s").set_value(15.0).run()
    page.toggle(key="tuning-quiet.on").set_value(True).run()
    page.toggle(key="tuning-policy.quiet_holds_high").set_value(True).run()
    page.number_input(key="tuning-policy.reminder_every_s").set_value(5.0).run()
    assert not page.exception
    policy = stores.policy.load()
    absent = next(watch for watch in policy.watches if watch.signal is Signal.ABSENT)
    assert (absent.enabled, absent.after_s) == (True, 900.0)
    assert policy.quiet is not None
    assert policy.quiet_holds_high
    assert policy.reminder_every_s == 300.0


def test_without_recordings_the_forecast_says_so(page: AppTest) -> None:
    page.run()
    eventually(lambda: "Once a camera has been watched" in _said(page.run()))


def test_a_database_that_cannot_be_opened_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mien.db").write_bytes(b"no database at all, but long enough to look at" * 30)
    with running_alert_system(tmp_path, monkeypatch):
        page = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not page.exception
    assert "nobody can be told" in _said(page)
