"""One look: what is read and added up for the chart, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.looking_back import LookingBack, looking_back_on
from app.timeline.view import MOST_COLUMNS, MOST_LANES, build_view
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import Database, open_database
from core.records.note import Note
from core.records.roller import Roller
from core.records.session import SessionSource
from core.timeline.span import Span
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

HOUR = Span(BEGIN_UTC - timedelta(minutes=30), BEGIN_UTC + timedelta(minutes=30))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(None, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def records(database: Database) -> LookingBack:
    return looking_back_on(database, FakeClock(HOUR.until_utc))


def _keep(
    records: LookingBack,
    camera_id: str = "kitchen",
    people: int = 1,
    count: int = 60,
    source: SessionSource = SessionSource.CAMERA,
) -> int:
    """Seconds from `BEGIN_UTC` on; the session's id."""
    seconds: list[Second] = [
        second(index, *(person(track) for track in range(1, people + 1))) for index in range(count)
    ]
    records.seconds.add(CameraRow(camera_id, "Kitchen", source=source), seconds)
    session = records.sessions.by_camera_id(camera_id)
    assert session is not None
    return session.id


def test_all_cameras_and_no_videos(records: LookingBack) -> None:
    _keep(records)
    _keep(records, "bedroom", people=2)
    _keep(records, "film", source=SessionSource.VIDEO)
    view = build_view(records, HOUR, (), None)
    assert view.seconds == 180
    assert view.people == 3
    assert view.figure is not None
    assert not view.is_faded


def test_only_the_chosen_sessions(records: LookingBack) -> None:
    _keep(records)
    film = records.sessions.one(_keep(records, "film", source=SessionSource.VIDEO))
    assert film is not None
    assert build_view(records, HOUR, [film], None).seconds == 60


def test_nothing_has_no_chart(records: LookingBack) -> None:
    view = build_view(records, HOUR, (), None)
    assert view.figure is None
    assert view.seconds == 0


def test_a_note_alone_has_a_chart(records: LookingBack) -> None:
    records.notes.add(BEGIN_UTC, "")
    view = build_view(records, HOUR, (), None)
    assert [mark.text for mark in view.marks] == ["A marked moment"]
    assert view.figure is not None


def test_marks_of_the_time_by_time(records: LookingBack) -> None:
    kitchen, other = _keep(records), _keep(records, "bedroom")
    late, early = timedelta(seconds=50), timedelta(seconds=10)
    own = records.notes.add(BEGIN_UTC + late, "A long story " * 20, kitchen)
    anybody = records.notes.add(BEGIN_UTC + early, "Visitors")
    of_other = records.notes.add(BEGIN_UTC + early, "Asleep", other)
    records.notes.add(HOUR.until_utc, "After it")
    alert = records.alerts.open(
        new_alert(camera_id="kitchen", fired_utc=BEGIN_UTC + timedelta(seconds=30)), 60
    )
    refs = [(mark.kind, mark.ref) for mark in build_view(records, HOUR, (), None).marks]
    assert refs == [
        *_refs(anybody, of_other),
        ("alert", alert.number),
        *_refs(own),
    ]
    session = records.sessions.one(kitchen)
    assert session is not None
    of_kitchen = build_view(records, HOUR, [session], None).marks
    assert [(mark.kind, mark.ref) for mark in of_kitchen] == [
        *_refs(anybody),
        ("alert", alert.number),
        *_refs(own),
    ]
    assert len(of_kitchen[-1].text) <= 60
    assert of_kitchen[-1].text.endswith("…")


def test_where_only_sums_are_kept_the_view_says_so(database: Database) -> None:
    clock = FakeClock(HOUR.until_utc)
    records = looking_back_on(database, clock)
    _keep(records, count=180)
    Roller(database, clock).roll()
    records.seconds.forget(HOUR.until_utc)
    view = build_view(records, HOUR, (), None)
    assert view.is_faded
    assert view.tally.width_s == 60
    assert view.seconds == 180


def test_people_have_lanes_for_a_day_only(records: LookingBack) -> None:
    _keep(records, people=MOST_LANES + 2)
    assert build_view(records, HOUR, (), None).lanes == MOST_LANES
    week = Span(HOUR.until_utc - timedelta(days=7), HOUR.until_utc)
    view = build_view(records, week, (), None)
    assert view.lanes == 0
    assert view.people == MOST_LANES + 2


@pytest.mark.parametrize("days", [1 / 24, 1, 7, 30, 365])
def test_a_chart_has_at_most_so_many_pieces(records: LookingBack, days: float) -> None:
    span = Span(HOUR.until_utc - timedelta(days=days), HOUR.until_utc)
    view = build_view(records, span, (), None)
    assert span.length_s / view.tally.width_s <= MOST_COLUMNS


def _refs(*notes: Note) -> list[tuple[str, int]]:
    return [("note", note.id) for note in notes]
