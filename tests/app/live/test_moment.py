"""“Mark this moment”: the note is of the time when the button was pressed, and is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import composition
from app.alert_system import AlertSystem
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.camera_row import CameraRow
from core.records.note import Note
from core.timeline.span import Span
from tests.support.alert_services import running_alert_system
from tests.support.seconds import second


def _script() -> None:
    from app.composition import camera_hub
    from app.live.bridge import VideoBridge
    from app.live.moment import offer_mark
    from core.clock import SystemClock
    from core.monitoring.settings import AnalysisSettings

    bridge = VideoBridge(camera_hub(), AnalysisSettings(), SystemClock())
    bridge.camera_id = "kitchen"
    offer_mark(bridge, is_recorded=True)


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSystem]:
    with running_alert_system(tmp_path, monkeypatch) as running:
        yield running


@pytest.fixture
def page(system: AlertSystem) -> AppTest:
    return AppTest.from_function(_script, default_timeout=60).run()


def _press(page: AppTest, words: str = "", ago_s: int = 0) -> None:
    page.text_input[0].set_value(words)
    page.segmented_control[0].set_value(ago_s)
    page.button[0].click().run()
    assert not page.exception


def _notes(system: AlertSystem) -> tuple[Note, ...]:
    now_utc = SystemClock().now_utc()
    span = Span(now_utc - timedelta(minutes=5), now_utc + timedelta(minutes=5))
    return system.opened().looking_back.notes.between(span)


def test_without_words_the_moment_alone_is_kept(page: AppTest, system: AlertSystem) -> None:
    before_utc = SystemClock().now_utc()
    _press(page)
    (note,) = _notes(system)
    assert note.text == ""
    assert before_utc <= note.at_utc <= SystemClock().now_utc()
    assert note.session_id is None
    assert "It stands on the Timeline" in page.success[0].value


def test_a_note_belongs_to_the_cameras_session(page: AppTest, system: AlertSystem) -> None:
    records = system.opened().looking_back
    for camera_id in ("kitchen", "kitchen-2", "bedroom"):
        records.seconds.add(CameraRow(camera_id, "A room"), [second()])
    newest = records.sessions.by_camera_id("kitchen-2")
    assert newest is not None
    _press(page, "Smiled at the cat")
    (note,) = _notes(system)
    assert (note.text, note.session_id) == ("Smiled at the cat", newest.id)


def test_it_may_have_been_a_little_earlier(page: AppTest, system: AlertSystem) -> None:
    _press(page, "A fall?", ago_s=30)
    (note,) = _notes(system)
    ago = SystemClock().now_utc() - note.at_utc
    assert timedelta(seconds=30) <= ago < timedelta(seconds=60)


def test_the_field_is_empty_for_the_next_one(page: AppTest, system: AlertSystem) -> None:
    _press(page, "First")
    assert page.text_input[0].value == ""
    _press(page, "Second")
    assert [note.text for note in _notes(system)] == ["First", "Second"]


def test_a_press_that_arrives_twice_counts_once(page: AppTest, system: AlertSystem) -> None:
    page.session_state["live-moment-form"] = 1  # this form's note was kept already
    page.button[0].click().run()
    assert _notes(system) == ()


def test_what_cannot_be_kept_stays_in_its_field_and_can_be_kept_later(
    page: AppTest, system: AlertSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise RecordsError("The database is away.")

    working = composition.looking_back
    monkeypatch.setattr("app.live.moment.looking_back", away)
    _press(page, "Smiled")
    assert "The database is away" in page.warning[0].value
    assert page.text_input[0].value == "Smiled"
    monkeypatch.setattr("app.live.moment.looking_back", working)
    page.button[0].click().run()
    (note,) = _notes(system)
    assert note.text == "Smiled"
    assert not page.warning
