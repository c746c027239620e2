"""The Timeline page without a browser: a real database, filled through its stores."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.alert_system import AlertSystem
from app.looking_back import LookingBack
from core.clock import SystemClock
from core.errors import RecordsError
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.session import SessionSource
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from tests.support.alert_services import running_alert_system
from tests.support.seconds import person

PAGE = str(Path("pages/timeline.py").resolve())
MODEL = "mien7"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSystem]:
    """Of a new server on which no channel is set up."""
    with running_alert_system(tmp_path, monkeypatch) as running:
        yield running


@pytest.fixture
def records(system: AlertSystem) -> LookingBack:
    return system.opened().looking_back


@pytest.fixture
def page(system: AlertSystem) -> AppTest:
    """The page as a visitor finds it; not run yet."""
    return AppTest.from_file(PAGE, default_timeout=60)


def _saw(
    records: LookingBack,
    ago: timedelta,
    count: int = 30,
    camera_id: str = "kitchen",
    source: SessionSource = SessionSource.CAMERA,
) -> int:
    """One happy person for so many seconds, from so long ago on; the session's id."""
    began_utc = SystemClock().now_utc() - ago
    seconds = [
        Second(10.0 + i, began_utc + timedelta(seconds=i + 1), 9, 1, 99.0, 2.0, (person(),))
        for i in range(count)
    ]
    records.seconds.add(CameraRow(camera_id, camera_id.title(), MODEL, source=source), seconds)
    session = records.sessions.by_camera_id(camera_id)
    assert session is not None
    return session.id


def _said(page: AppTest) -> str:
    kinds = ("title", "markdown", "caption", "warning", "info", "error")
    said = "\n".join(element.value for kind in kinds for element in page.get(kind))
    return said.replace("\\", "")  # plain words for Markdown


def _address(page: AppTest, name: str) -> str:
    """AppTest gives lists for what a page has written."""
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def _charts(page: AppTest) -> int:
    return len(page.get("plotly_chart"))


def _press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def _open(page: AppTest, tab: str) -> AppTest:
    page.session_state["timeline-details"] = tab
    page.run()
    assert not page.exception
    return page


def test_before_anything_was_seen_the_page_says_how_to_begin(system: AlertSystem) -> None:
    # a link to another page asks for the navigation
    page = AppTest.from_string(
        f"""
import streamlit as st
st.navigation([st.Page({PAGE!r}), st.Page({PAGE.replace("timeline.py", "live.py")!r})]).run()
""",
        default_timeout=60,
    ).run()
    assert not page.exception
    assert "Nothing was seen yet" in _said(page)
    assert "Try it without a camera" in _said(page)
    assert not _charts(page)


def test_the_last_hour_is_shown_at_first(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=20))
    page.run()
    assert not page.exception
    assert page.segmented_control[0].value == "1h"
    assert "Faces were read for 30 s" in _said(page)
    assert "All cameras" in _said(page)
    assert "right about 7 times of 10" in _said(page)
    assert _charts(page) == 2


def test_where_nothing_was_seen_in_the_hour_the_page_shows_more_and_says_so(
    page: AppTest, records: LookingBack
) -> None:
    _saw(records, timedelta(days=3))
    page.run()
    assert page.segmented_control[0].value == "7d"
    assert "Nothing was seen in the last hour, so this shows: 7 days." in _said(page)
    assert "Faces were read for 30 s" in _said(page)


def test_a_range_is_chosen_kept_in_the_address_and_gone_back_from(
    page: AppTest, records: LookingBack
) -> None:
    _saw(records, timedelta(minutes=20))
    page.run()
    page.segmented_control[0].set_value("30d").run()
    assert not page.exception
    assert _address(page, "time") == "30d"
    _press(page, "Back")
    assert _address(page, "time") == "1h"
    _press(page, "Zoom out")
    assert _address(page, "time") == "24h"


def test_a_link_opens_its_time(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(days=2))
    since = SystemClock().now_utc() - timedelta(days=2, minutes=1)
    page.query_params["from"] = f"{since:%Y-%m-%dT%H:%M:%SZ}"
    page.query_params["to"] = f"{since + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    page.run()
    assert not page.exception
    assert page.segmented_control[0].value is None
    assert "Faces were read for 30 s" in _said(page)


def test_a_time_without_anybody_says_so_and_leads_to_the_last_one_with(
    page: AppTest, records: LookingBack
) -> None:
    _saw(records, timedelta(hours=5))
    page.query_params["time"] = "2min"
    page.run()
    assert "Nobody was seen in this time" in _said(page)
    assert "No camera was on" in _said(page)
    next(b for b in page.button if b.label.startswith("Show the last recording")).click().run()
    assert _address(page, "time") == "24h"
    assert "Faces were read for 30 s" in _said(page)


def test_a_session_is_shown_alone_and_named(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=30), camera_id="kitchen")
    bedroom = _saw(records, timedelta(days=2), camera_id="bedroom")
    page.run()
    _open(page, "Sessions")
    page.button(key=f"session-show-{bedroom}").click().run()
    assert not page.exception
    assert _address(page, "sessions") == str(bedroom)
    assert "Bedroom" in _said(page)
    page.text_input(key=f"session-name-{bedroom}").set_value("The nap").run()
    page.button(key=f"session-name-{bedroom}-keep").click().run()
    assert not page.exception
    kept = records.sessions.one(bedroom)
    assert kept is not None
    assert kept.name == "The nap"
    assert "The nap" in _said(page)


def test_a_video_is_shown_when_it_is_chosen_only(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=30))
    film = _saw(records, timedelta(minutes=20), 45, "film", SessionSource.VIDEO)
    page.run()
    assert "Faces were read for 30 s" in _said(page)
    _open(page, "Sessions")
    page.segmented_control(key="timeline-session-kind").set_value(SessionSource.VIDEO).run()
    page.button(key=f"session-show-{film}").click().run()
    assert "Faces were read for 45 s" in _said(page)


def test_a_link_to_a_session_that_was_erased_says_so(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=20))
    page.query_params["sessions"] = "4711"
    page.run()
    assert not page.exception
    assert "All cameras are shown instead" in _said(page)
    assert "Faces were read for 30 s" in _said(page)


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        pytest.param("How long", "“Not sure” is where", id="distribution"),
        pytest.param("Changes", "No face went from one expression to another", id="changes"),
        pytest.param("Hours and days", "This takes days", id="week"),
        pytest.param("Valence", "+1 would be all smiles", id="valence"),
        pytest.param("Compare", "Choose two to four", id="compare"),
        pytest.param("Take away", "One row for each second and person", id="tables"),
    ],
)
def test_each_part_says_what_it_shows(
    page: AppTest, records: LookingBack, tab: str, said: str
) -> None:
    _saw(records, timedelta(minutes=20))
    page.run()
    _open(page, tab)
    assert said in _said(page)


def test_two_sessions_are_compared(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=20))
    _saw(records, timedelta(minutes=10), 45, "bedroom")
    page.run()
    _open(page, "Compare")
    assert "Bedroom: faces read for 45 s. Kitchen: faces read for 30 s." in _said(page)
    assert _charts(page) == 2


def test_a_note_is_opened_from_its_address_changed_and_removed(
    page: AppTest, records: LookingBack
) -> None:
    _saw(records, timedelta(minutes=20))
    note = records.notes.add(SystemClock().now_utc() - timedelta(minutes=20), "Lunhc")
    page.query_params["note"] = str(note.id)
    page.run()
    assert not page.exception
    page.text_area(key=f"timeline-note-{note.id}").set_value("Lunch").run()
    page.button(key="timeline-note-change").click().run()
    kept = records.notes.one(note.id)
    assert kept is not None
    assert kept.text == "Lunch"
    assert "note" not in page.query_params

    page.query_params["note"] = str(note.id)
    page.run()
    page.button(key="timeline-note-remove").click().run()
    assert records.notes.one(note.id) is None


def test_marks_are_listed_and_open(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=20))
    note = records.notes.add(SystemClock().now_utc() - timedelta(minutes=20), "Lunch")
    page.run()
    assert "1 note in this time" in page.expander[0].label
    page.button(key=f"timeline-mark-note-{note.id}").click().run()
    assert _address(page, "note") == str(note.id)


def test_a_note_is_added_at_the_end_of_what_moves(page: AppTest, records: LookingBack) -> None:
    _saw(records, timedelta(minutes=20))
    page.run()
    page.session_state["timeline-note-open"] = True
    page.run()
    page.text_area(key="timeline-note-text").set_value("  Visitors ").run()
    page.button(key="timeline-note-keep").click().run()
    assert not page.exception
    now_utc = SystemClock().now_utc()
    (note,) = records.notes.between(_last_minute(now_utc))
    assert note.text == "Visitors"
    assert note.session_id is None


def test_a_note_on_a_session_stands_in_its_middle_and_belongs_to_it(
    page: AppTest, records: LookingBack
) -> None:
    kitchen = _saw(records, timedelta(minutes=20), count=60)
    page.query_params["sessions"] = str(kitchen)
    page.session_state["timeline-note-open"] = True
    page.run()
    page.button(key="timeline-note-keep").click().run()
    assert not page.exception
    session = records.sessions.one(kitchen)
    assert session is not None
    (note,) = records.notes.between(Span(session.began_utc, session.last_utc))
    assert note.session_id == kitchen
    middle_utc = session.began_utc + session.length / 2
    assert abs(note.at_utc - middle_utc) <= timedelta(seconds=1)
    assert "1 note in this time" in page.expander[0].label


def test_a_database_that_goes_away_is_said_where_something_is_missing(
    page: AppTest, records: LookingBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise RecordsError("The database is away.")

    _saw(records, timedelta(minutes=20))
    page.run()
    with monkeypatch.context() as patched:
        patched.setattr(TimelineStore, "tally", away)
        page.run()
        assert not page.exception
        assert "The database is away" in _said(page)
    page.run()
    assert "The database is away" not in _said(page)
    assert "Faces were read for 30 s" in _said(page)


def _last_minute(now_utc: datetime) -> Span:
    return Span(now_utc - timedelta(minutes=1), now_utc + timedelta(minutes=1))
