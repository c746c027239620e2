"""What was kept, second by second and person by person, as rows to take away."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from core.expression.labels import FER7
from core.monitoring.second import PersonSecond
from core.records import session_rows
from core.records.database import Database
from core.records.second_rows import SECOND
from core.records.second_store import CameraRow, SecondStore
from core.records.session import Session, SessionSource
from core.records.session_rows import SessionRows
from core.records.session_store import SessionStore
from core.tables.csv_table import write_csv
from core.timeline.span import Span
from tests.support.seconds import BEGIN_UTC, in_steps, person, second

KITCHEN = CameraRow("camera-1", "Kitchen", "mien7", sure_from=0.45)
CLIP = CameraRow("video-1", "party.mp4", "mien3", 0.9, SessionSource.VIDEO)


@pytest.fixture
def rows(database: Database) -> SessionRows:
    return SessionRows(database)


@pytest.fixture
def kitchen(database: Database) -> Session:
    kept = [
        second(0, person(1), person(2, happy=20000)),
        second(1),
        second(2, person(1, pain=None)),
    ]
    SecondStore(database).add(KITCHEN, kept)
    return _session(database, KITCHEN)


@pytest.fixture
def clip(database: Database) -> Session:
    sad = PersonSecond(1, 5, shown=in_steps(("sad", "pain"), 40000, 25535))
    SecondStore(database).add(CLIP, [second(60, sad)])
    return _session(database, CLIP)


def _session(database: Database, camera: CameraRow) -> Session:
    session = SessionStore(database).by_camera_id(camera.id)
    assert session is not None
    return session


def test_each_second_of_each_person_is_a_row(rows: SessionRows, kitchen: Session) -> None:
    first, other, last = rows.between(None, [kitchen])
    assert (first.source, first.kind, first.model) == ("Kitchen", "camera", "mien7")
    assert (first.session, first.person, first.readings) == (kitchen.id, 1, 9)
    assert first.reading == person(1).shown
    assert first.at_utc == second(0).at_utc - SECOND
    assert (first.at_s, last.at_s) == (0.0, 2.0)
    assert [row.person for row in (first, other, last)] == [1, 2, 1]
    assert first.box_xyxy_px is None


def test_words_are_said_from_the_sessions_own_confidence(
    rows: SessionRows, kitchen: Session, clip: Session
) -> None:
    assert [row.looks for row in rows.between(None, [kitchen])] == [
        "looks happy",
        "looks angry",
        "looks happy",
    ]
    assert [row.looks for row in rows.between(None, [clip])] == ["not sure"]


def test_pain_is_the_alert_models_where_it_ran_else_the_shown_ones(
    rows: SessionRows, kitchen: Session, clip: Session
) -> None:
    pain = [row.pain for row in rows.between(None, [kitchen, clip])]
    assert pain == [1234 / 65535, 1234 / 65535, None, 25535 / 65535]


def test_a_session_has_the_name_that_people_gave_it(
    database: Database, rows: SessionRows, kitchen: Session
) -> None:
    named = SessionStore(database).rename(kitchen.id, "Breakfast")
    assert {row.source for row in rows.between(None, [named])} == {"Breakfast"}


def test_only_the_span_and_the_sessions_that_are_asked_for(
    rows: SessionRows, kitchen: Session, clip: Session
) -> None:
    begin_utc = second(2).at_utc - SECOND
    span = Span(begin_utc - SECOND, begin_utc)
    assert list(rows.between(span, [kitchen])) == []
    assert rows.count(span, [kitchen]) == 0
    span = replace(span, until_utc=span.until_utc + timedelta(microseconds=1))
    assert [row.at_utc for row in rows.between(span, [kitchen, clip])] == [begin_utc]
    assert rows.count(span, [kitchen, clip]) == 1
    assert rows.count(None, [kitchen, clip]) == 4
    assert rows.count(None, []) == 0


def test_the_labels_are_those_of_the_rows(
    rows: SessionRows, kitchen: Session, clip: Session
) -> None:
    assert rows.labels(None, [kitchen]) == FER7
    assert set(rows.labels(None, [kitchen, clip])) == {*FER7, "pain"}
    before = Span(BEGIN_UTC - timedelta(days=1), kitchen.began_utc)
    assert rows.labels(before, [kitchen]) == ()
    write_csv(
        rows.between(None, [kitchen, clip]), rows.labels(None, [kitchen, clip]), io.StringIO()
    )


def test_a_long_session_with_pauses_is_read_window_by_window(
    database: Database, rows: SessionRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_rows, "_WINDOW", timedelta(seconds=2))
    indices = [0, 1, 2, 3, 4, 5, 100, 101, 5000]
    SecondStore(database).add(KITCHEN, [second(index, person(1), person(2)) for index in indices])
    kitchen = _session(database, KITCHEN)
    found = [(row.at_s, row.person) for row in rows.between(None, [kitchen])]
    assert found == [(float(index), track) for index in indices for track in (1, 2)]
    span = Span(kitchen.began_utc + 3 * SECOND, kitchen.began_utc + 101 * SECOND)
    assert [row.at_s for row in rows.between(span, [kitchen])][::2] == [3.0, 4.0, 5.0, 100.0]


def test_a_session_that_was_erased_meanwhile_has_none(rows: SessionRows, kitchen: Session) -> None:
    gone = replace(kitchen, id=kitchen.id + 99)
    assert list(rows.between(None, [gone])) == []
    assert rows.labels(None, [gone]) == ()
