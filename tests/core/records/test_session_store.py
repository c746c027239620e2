"""Sessions are found by time, by camera and from alerts, and get names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import RecordsError
from core.records.alert_store import AlertStore
from core.records.database import Database
from core.records.session import SessionSource
from core.records.session_store import LONGEST_NAME, SessionStore
from core.timeline.span import Span
from tests.support.alerts import new_alert
from tests.support.sessions import at, keep_session


@pytest.fixture
def sessions(database: Database) -> SessionStore:
    return SessionStore(database)


def test_come_newest_first_and_only_so_many(database: Database, sessions: SessionStore) -> None:
    kept = [keep_session(database, f"c{index}", index, index + 5) for index in (2, 0, 1)]
    assert sessions.list() == (kept[0], kept[2], kept[1])
    assert sessions.list(limit=1) == (kept[0],)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        pytest.param(-5, 0, [], id="before all"),
        pytest.param(-5, 0.1, ["first"], id="into its beginning"),
        pytest.param(4, 5, ["first"], id="within it"),
        pytest.param(10, 15, [], id="between two: an end is not included"),
        pytest.param(9, 21, ["video", "first"], id="into both"),
        pytest.param(-5, 99, ["video", "first"], id="around all"),
    ],
)
def test_of_a_span(
    database: Database, sessions: SessionStore, since: float, until: float, found: list[str]
) -> None:
    keep_session(database, "first", 0, 10)
    keep_session(database, "video", 20, 30, SessionSource.VIDEO)
    listed = sessions.list(Span(at(since), at(until)))
    assert [each.camera_id for each in listed] == found


def test_of_one_source(database: Database, sessions: SessionStore) -> None:
    camera = keep_session(database, "camera", 0, 10)
    video = keep_session(database, "video", 0, 10, SessionSource.VIDEO)
    assert sessions.list(source=SessionSource.CAMERA) == (camera,)
    assert sessions.list(source=SessionSource.VIDEO) == (video,)


def test_are_found_one_by_one(database: Database, sessions: SessionStore) -> None:
    kept = keep_session(database, "camera", 0, 10)
    assert sessions.one(kept.id) == sessions.by_camera_id("camera") == kept
    assert sessions.one(kept.id + 1) is sessions.by_camera_id("camera-2") is None


def test_the_newest_of_a_watch(database: Database, sessions: SessionStore) -> None:
    keep_session(database, "kitchen", 0, 5)
    newest = keep_session(database, "kitchen-2", 6, 9)
    keep_session(database, "kitchens", 20, 30)
    keep_session(database, "bedroom", 20, 30)
    assert sessions.newest_of_watch("kitchen") == newest
    assert sessions.newest_of_watch("cellar") is None


@pytest.mark.parametrize(
    ("given", "kept", "title"),
    [
        pytest.param("Anna’s tea", "Anna’s tea", "Anna’s tea", id="a name"),
        pytest.param("  two \n lines\0 ", "two lines", "two lines", id="pasted"),
        pytest.param("x" * LONGEST_NAME, "x" * LONGEST_NAME, "x" * LONGEST_NAME, id="as long as"),
        pytest.param(" ", "", "Kitchen", id="none"),
    ],
)
def test_get_a_name(
    database: Database, sessions: SessionStore, given: str, kept: str, title: str
) -> None:
    session = keep_session(database, "camera", 0, 10)
    renamed = sessions.rename(session.id, given)
    assert (renamed.name, renamed.title) == (kept, title)
    assert sessions.one(session.id) == renamed == replace(session, name=kept)


def test_a_name_that_cannot_be_kept_changes_nothing(
    database: Database, sessions: SessionStore
) -> None:
    session = keep_session(database, "camera", 0, 10)
    with pytest.raises(RecordsError, match="at most 80 letters"):
        sessions.rename(session.id, "x" * (LONGEST_NAME + 1))
    with pytest.raises(RecordsError, match="not kept any more"):
        sessions.rename(session.id + 1, "x")
    assert sessions.one(session.id) == session


def test_their_alerts_are_found(
    database: Database, sessions: SessionStore, alerts: AlertStore
) -> None:
    first = keep_session(database, "abc", 0, 10)
    second = keep_session(database, "abc-2", 15, 20)
    other = keep_session(database, "abcd", 5, 10)  # of another watch, at the same time
    fired = {
        minute: alerts.open(new_alert(camera_id=watch, fired_utc=at(minute), person=minute), 60)
        for minute, watch in ((1, "abc"), (9, "abc"), (12, "abc"), (16, "abc"), (8, "abcd"))
    }
    for session, minutes in ((first, [12, 9, 1]), (second, [16]), (other, [8])):
        found = alerts.list(sessions.alerts_of(session), 10)
        assert {each.id for each in found} == {fired[minute].id for minute in minutes}
