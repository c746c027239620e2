"""The machine's clock was an hour ahead, and is put right: nothing is lost, doubled or stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.erasing import Eraser
from core.records.leases import Leases
from core.records.note_store import NoteStore
from core.records.roller import Roller
from core.records.second_store import SecondStore
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from core.watching.rolling import Rolling
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

AHEAD, PUT_RIGHT = CameraRow("a", "Kitchen"), CameraRow("a-2", "Kitchen")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON_UTC = BEGIN_UTC
"""By the wrong clock: in truth it was eleven."""


class House:
    """Ten minutes by the clock that is an hour ahead, then twenty by the right one.

    The second session begins before the first, and the first lies in the future.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seconds = SecondStore(database)
        self.timeline = TimelineStore(database)
        self.record(AHEAD, NOON_UTC, 10)
        self.keep_rolling(NOON_UTC + 10 * MINUTE)
        self.record(AHEAD, NOON_UTC + 10 * MINUTE, 1)
        self.right_utc = NOON_UTC + 11 * MINUTE - HOUR
        self.record(PUT_RIGHT, self.right_utc, 20)

    def record(self, camera: CameraRow, begin_utc: datetime, minutes: int) -> None:
        first = int((begin_utc - BEGIN_UTC).total_seconds()) + 1
        indexes = range(first, first + minutes * 60, 5)
        self.seconds.add(camera, [second(index, person(1)) for index in indexes])

    def keep_rolling(self, now_utc: datetime) -> None:
        clock = FakeClock(now_utc)
        roller = Roller(self.database, clock)
        rolling = Rolling(roller, Leases(self.database, clock), "server", clock)
        for _ in range(9):
            rolling.keep()

    def seconds_a_minute(self) -> dict[int, int]:
        """By the minutes since eleven."""
        span = Span(NOON_UTC - HOUR, NOON_UTC + HOUR)
        tally = self.timeline.tally(span, 60)
        begins = (tally.begin_s - int((NOON_UTC - HOUR).timestamp())) // 60
        return dict(zip(begins.tolist(), tally.seconds.tolist(), strict=True))


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


EVERY_MINUTE = dict.fromkeys([*range(60, 71), *range(11, 31)], 12)


def test_everything_shows_at_once_and_is_added_up_in_time(house: House) -> None:
    assert house.seconds_a_minute() == EVERY_MINUTE
    house.keep_rolling(house.right_utc + 21 * MINUTE)
    assert house.seconds_a_minute() == EVERY_MINUTE
    house.keep_rolling(NOON_UTC + HOUR)
    assert house.seconds_a_minute() == EVERY_MINUTE
    with house.database.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM rollup WHERE width_s = 60")
        assert left.scalar() == len(EVERY_MINUTE)


def test_what_was_dated_ahead_is_not_older_for_it(house: House) -> None:
    house.keep_rolling(NOON_UTC + HOUR)
    assert house.seconds.forget(house.right_utc + 10 * MINUTE) == 120
    assert SessionStore(house.database).by_camera_id("a") is not None


def test_notes_are_found_where_they_were_made(house: House) -> None:
    notes = NoteStore(house.database, FakeClock(house.right_utc))
    ahead, right = notes.add(NOON_UTC, "ahead"), notes.add(house.right_utc, "right")
    assert notes.between(Span(NOON_UTC - HOUR, NOON_UTC + HOUR)) == (right, ahead)


def test_sessions_that_overlap_are_told_apart_and_erased_apart(house: House) -> None:
    sessions, overlap = SessionStore(house.database), Span(NOON_UTC - HOUR, NOON_UTC + HOUR)
    house.record(PUT_RIGHT, house.right_utc + 20 * MINUTE, 45)  # into the first one's time
    first, other = sessions.by_camera_id("a"), sessions.by_camera_id("a-2")
    assert first is not None
    assert other is not None
    house.keep_rolling(NOON_UTC + HOUR)
    tally = house.timeline.tally(overlap, 60)
    both = np.unique(tally.begin_s[tally.session == first.id])
    shared = np.intersect1d(both, tally.begin_s[tally.session == other.id])
    assert len(shared) == 11
    Eraser(house.database).erase_session(first.id)
    left = house.timeline.tally(overlap, 60)
    assert set(left.session) == {other.id}
    assert left.seconds.sum() == 65 * 12
