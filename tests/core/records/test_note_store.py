"""Notes are kept beside moments until somebody removes them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import RecordsError
from core.records.database import Database
from core.records.note import LONGEST_NOTE, Note
from core.records.note_store import NoteStore
from core.timeline.span import Span
from tests.support.clock import FakeClock
from tests.support.sessions import NOON_UTC, keep_session

MINUTE = timedelta(minutes=1)
DAY = Span(NOON_UTC, NOON_UTC + timedelta(days=1))


@pytest.fixture
def notes(database: Database, clock: FakeClock) -> NoteStore:
    return NoteStore(database, clock)


@pytest.fixture
def session_id(database: Database) -> int:
    return keep_session(database).id


def test_come_back_by_time_the_end_not_included(notes: NoteStore, session_id: int) -> None:
    later = notes.add(NOON_UTC + MINUTE, "  Anna came in. \n", session_id)
    marker = notes.add(NOON_UTC, "")
    assert later == Note(later.id, NOON_UTC + MINUTE, "Anna came in.", session_id)
    assert marker == Note(marker.id, NOON_UTC, "", None)
    assert notes.between(DAY) == (marker, later)
    assert notes.between(Span(NOON_UTC, NOON_UTC + MINUTE)) == (marker,)
    assert notes.one(later.id) == later


def test_are_changed_and_removed(notes: NoteStore) -> None:
    note = notes.add(NOON_UTC, "one")
    other = notes.add(NOON_UTC, "other")
    changed = notes.change(note.id, " two ")
    assert changed == notes.one(note.id) == Note(note.id, NOON_UTC, "two")
    notes.remove(note.id)
    notes.remove(note.id)
    assert notes.one(note.id) is None
    assert notes.between(DAY) == (other,)
    with pytest.raises(RecordsError, match="not kept any more"):
        notes.change(note.id, "three")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("x" * LONGEST_NOTE + " \n", "x" * LONGEST_NOTE, id="as long as may be"),
        pytest.param("a\0b", "ab", id="with what no database keeps"),
        pytest.param("😀 l’été\nsecond line", "😀 l’été\nsecond line", id="any script"),
        pytest.param("'); DROP TABLE note; --", "'); DROP TABLE note; --", id="any words"),
    ],
)
def test_any_text(notes: NoteStore, text: str, kept: str) -> None:
    note = notes.add(NOON_UTC, text)
    assert notes.one(note.id) == note
    assert note.text == kept


def test_one_that_cannot_be_kept_changes_nothing(notes: NoteStore, session_id: int) -> None:
    note = notes.add(NOON_UTC, "before")
    with pytest.raises(RecordsError, match="at most 2000 letters; this one has 2001"):
        notes.add(NOON_UTC, "x" * (LONGEST_NOTE + 1))
    with pytest.raises(RecordsError, match="at most 2000 letters"):
        notes.change(note.id, "x" * (LONGEST_NOTE + 1))
    with pytest.raises(RecordsError, match="session of this note is not kept"):
        notes.add(NOON_UTC, "", session_id + 1)
    assert notes.between(DAY) == (note,)


def test_of_a_removed_note_the_number_is_never_given_again(notes: NoteStore) -> None:
    gone = notes.add(NOON_UTC, "")
    notes.remove(gone.id)
    assert notes.add(NOON_UTC, "").id != gone.id
