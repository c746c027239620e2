"""What is kept, as the page shows and changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.composition import looking_back, stores
from app.timeline.erasing import erased_words
from app.timeline.keeping import amounts_words
from core.clock import SystemClock
from core.records.amounts import Amounts
from core.records.camera_row import CameraRow
from core.records.erased import Erased
from core.records.keeping import Keeping
from tests.support.alert_services import running_alert_system
from tests.support.seconds import BEGIN_UTC, person, second


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with running_alert_system(tmp_path, monkeypatch):
        yield


def _script() -> None:
    from app.timeline.keeping import show_keeping

    show_keeping()


@pytest.fixture
def kitchen() -> int:
    """Two seconds of a camera, an hour ago, and a note beside them; its id."""
    ago = SystemClock().now_utc() - timedelta(hours=1) - BEGIN_UTC
    seconds = [replace(each, at_utc=each.at_utc + ago) for each in (second(0, person()), second(1))]
    looking_back().seconds.add(CameraRow("k", "Kitchen"), seconds)
    kept = looking_back().sessions.by_camera_id("k")
    assert kept is not None
    looking_back().notes.add(kept.began_utc, "Breakfast", kept.id)
    return kept.id


def _page() -> AppTest:
    page = AppTest.from_function(_script).run(timeout=30)
    assert not page.exception
    return page


def _click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run(timeout=30)
    assert not page.exception
    return page


def _said(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.success, page.info, page.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_all_three_times_are_shown_and_changed() -> None:
    page = _page()
    days = {each.label: each.value for each in page.number_input}
    assert days == {
        "Single readings, days": 30,
        "Sums per minute and hour, days": 365,
        "Pictures of alerts, days": 7,
    }
    for key, value in (("readings", 60), ("sums", 400), ("pictures", 14)):
        page.number_input(key=f"keeping-{key}").set_value(value)
    _click(page, "keeping-save")
    assert page.success[0].value == "Saved."
    assert looking_back().keeping.load() == Keeping(60, 400)
    assert stores().policy.load().picture_days == 14


def test_keeping_less_erases_and_is_asked_once_more() -> None:
    page = _page()
    page.number_input(key="keeping-readings").set_value(1)
    page.number_input(key="keeping-pictures").set_value(3)
    _click(page, "keeping-save")
    assert "readings older than 1 day and pictures older than 3 days" in _said(page)
    assert looking_back().keeping.load() == Keeping()
    _click(page, "keeping-shorter")
    assert looking_back().keeping.load() == Keeping(readings_days=1)
    assert stores().policy.load().picture_days == 3


def test_what_makes_no_sense_is_a_sentence_and_changes_nothing() -> None:
    page = _page()
    page.number_input(key="keeping-readings").set_value(400)
    _click(page, "keeping-save")
    assert "at least as long" in page.error[0].value
    assert looking_back().keeping.load() == Keeping()


def test_how_much_there_is_is_told(kitchen: int) -> None:
    said = _said(_page())
    assert "1 note" in said
    assert "The database takes" in said


@pytest.mark.parametrize(
    ("readings", "about"),
    [(0, "0"), (7, "7"), (99, "99"), (12_345, "12,000"), (2_592_000, "2.6 million")],
)
def test_amounts_are_said_as_well_as_they_are_known(readings: int, about: str) -> None:
    words = amounts_words(Amounts(34_000_000, readings, 2900, 1, 0, 3))
    assert words == (
        f"About {about} readings, one for each second and person, 2,900 sums per minute and hour, "
        "1 alert with 0 pictures and 3 notes. The database takes 34 MB."
    )


def test_a_session_is_erased_after_it_was_counted_and_asked(kitchen: int) -> None:
    page = _page()
    assert page.button(key="erasing-ask").disabled
    page.selectbox(key="erasing-session").select(kitchen).run(timeout=30)
    _click(page, "erasing-ask")
    assert "- 2 s of readings" in _said(page)
    assert "- 1 note" in _said(page)
    assert looking_back().sessions.one(kitchen) is not None
    _click(page, "erasing-yes")
    assert "Erased\\: 2 s of readings" in page.success[0].value
    assert looking_back().sessions.one(kitchen) is None
    assert page.button(key="erasing-ask").disabled


def test_nothing_is_erased_by_whoever_changes_their_mind(kitchen: int) -> None:
    page = _page()
    page.selectbox(key="erasing-session").select(kitchen).run(timeout=30)
    _click(page, "erasing-ask")
    _click(page, "erasing-no")
    assert looking_back().sessions.one(kitchen) is not None
    assert "erasing-yes" not in [button.key for button in page.button]


def _ask_for_a_time(since: datetime, until: datetime) -> AppTest:
    page = _page()
    page.segmented_control(key="erasing-what").set_value("A time").run(timeout=30)
    page.datetime_input(key="erasing-since").set_value(since)
    page.datetime_input(key="erasing-until").set_value(until).run(timeout=30)
    return page


def test_a_time_is_erased(kitchen: int) -> None:
    session = looking_back().sessions.one(kitchen)
    assert session is not None
    began = session.began_utc.astimezone().replace(tzinfo=None, second=0)
    page = _ask_for_a_time(began, began + timedelta(minutes=5))
    _click(page, "erasing-ask")
    _click(page, "erasing-yes")
    assert looking_back().sessions.one(kitchen) is None
    assert looking_back().notes.between(_ever()) == ()


def test_a_time_in_which_nothing_was_says_so(kitchen: int) -> None:
    page = _ask_for_a_time(datetime(2020, 1, 1), datetime(2020, 1, 2))
    _click(page, "erasing-ask")
    assert "Nothing that can be erased" in page.info[0].value
    assert "erasing-yes" not in [button.key for button in page.button]


def test_a_time_that_ends_before_it_begins_cannot_be_erased() -> None:
    page = _ask_for_a_time(datetime(2020, 1, 2), datetime(2020, 1, 1))
    assert page.button(key="erasing-ask").disabled
    assert "has to end after it begins" in _said(page)


def test_a_session_that_is_gone_by_then_is_a_sentence(kitchen: int) -> None:
    page = _page()
    page.selectbox(key="erasing-session").select(kitchen).run(timeout=30)
    _click(page, "erasing-ask")
    looking_back().eraser.erase_session(kitchen)
    _click(page, "erasing-yes")
    assert "not kept any more" in _said(page)


def test_what_goes_is_told_in_words() -> None:
    assert erased_words(Erased(3600, 61, 1, 2, 1)) == [
        "1 h of readings",
        "61 sums per minute",
        "1 note",
        "2 alerts with 1 picture",
    ]
    assert erased_words(Erased()) == []


def _ever() -> object:
    from core.timeline.span import Span

    return Span(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
