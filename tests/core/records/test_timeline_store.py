"""What is looked back on comes from whatever is kept of it, and each second counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest

from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.roller import Roller
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from core.timeline.tally import Tally
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

KITCHEN = CameraRow("kitchen-1", "Kitchen")
HALL = CameraRow("hall-1", "Hall")
CLIP = CameraRow("clip-1", "holiday.mp4", source=SessionSource.VIDEO)
BEGIN_S = int(BEGIN_UTC.timestamp())


class House:
    """A kitchen each fifth second of two hours and a bit, a hall for a minute, and a video."""

    def __init__(self, database: Database) -> None:
        self.seconds = SecondStore(database)
        self.sessions = SessionStore(database)
        self.timeline = TimelineStore(database)
        self.clock = FakeClock(BEGIN_UTC)
        self.roller = Roller(database, self.clock)
        self.seconds.add(KITCHEN, [second(index, person(1)) for index in range(1, 7501, 5)])
        self.seconds.add(HALL, [second(index, person(1), person(2)) for index in range(601, 661)])
        self.seconds.add(CLIP, [second(index, person(1)) for index in range(1, 11)])
        self.ids = [
            session.id
            for camera in (KITCHEN, HALL, CLIP)
            if (session := self.sessions.by_camera_id(camera.id))
        ]

    def roll(self) -> None:
        self.clock.advance(7200)
        self.roller.roll()


@pytest.fixture(params=["rolled up", "not yet"])
def house(database: Database, request: pytest.FixtureRequest) -> House:
    made = House(database)
    if request.param == "rolled up":
        made.roll()
    return made


def at(after_s: float) -> datetime:
    return BEGIN_UTC + timedelta(seconds=after_s)


def span(since_s: float, until_s: float) -> Span:
    return Span(at(since_s), at(until_s))


def begins(tally: Tally) -> list[int]:
    """Seconds after the beginning."""
    return [begin_s - BEGIN_S for begin_s in tally.begin_s.tolist()]


def seconds_by_session(tally: Tally) -> dict[int, int]:
    return {
        int(each): int(tally.seconds[tally.session == each].sum()) for each in set(tally.session)
    }


@pytest.mark.parametrize(
    ("width_s", "seconds"),
    [
        pytest.param(1, [1] * 6, id="seconds"),
        pytest.param(10, [2] * 3, id="some seconds"),
        pytest.param(60, [12], id="minutes"),
        pytest.param(300, [60], id="some minutes"),
        pytest.param(3600, [720], id="hours"),
        pytest.param(7200, [1440], id="some hours"),
    ],
)
def test_pieces_of_any_width_are_whole(house: House, width_s: int, seconds: list[int]) -> None:
    found = house.timeline.tally(span(3600, 3630), width_s, sessions=house.ids[:1])
    assert (found.width_s, found.seconds.tolist()) == (width_s, seconds)
    assert begins(found)[0] == 3600 // width_s * width_s


def test_what_is_told_is_the_mean_of_the_readings(house: House) -> None:
    found = house.timeline.tally(span(0, 7500), 3600, sessions=house.ids[:1])
    happy = found.labels.index("happy")
    np.testing.assert_allclose(found.probabilities[:, happy], found.seconds * 60_000 / 65_535)
    np.testing.assert_allclose(found.pain, found.seconds * 1234 / 65_535)
    np.testing.assert_allclose(found.pain_most, 1234 / 65_535)
    assert found.pain_seconds.tolist() == found.seconds.tolist()
    assert found.top[:, happy].tolist() == found.seconds.tolist()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param(lambda _: {}, {0: 1500, 1: 120}, id="cameras"),
        pytest.param(lambda _: {"source": SessionSource.VIDEO}, {2: 10}, id="videos"),
        pytest.param(lambda _: {"source": None}, {0: 1500, 1: 120, 2: 10}, id="all"),
        pytest.param(lambda ids: {"sessions": ids[1:]}, {1: 120, 2: 10}, id="by name"),
        pytest.param(lambda _: {"sessions": []}, {}, id="none"),
    ],
)
@pytest.mark.parametrize("width_s", [10, 60, 3600])
def test_of_the_sessions_that_were_asked_for(
    house: House,
    width_s: int,
    asked: Callable[[list[int]], dict[str, object]],
    told: dict[int, int],
) -> None:
    found = house.timeline.tally(span(0, 8000), width_s, **asked(house.ids))
    assert seconds_by_session(found) == {house.ids[each]: count for each, count in told.items()}


@pytest.mark.parametrize("width_s", [1, 60, 3600])
def test_the_end_of_a_span_does_not_count(house: House, width_s: int) -> None:
    found = house.timeline.tally(span(0, 3600), width_s, sessions=house.ids[:1])
    assert max(begins(found)) == 3600 - max(width_s, 5)


@pytest.mark.parametrize("width_s", [1, 60, 3600])
def test_of_a_time_in_which_nothing_was_seen(house: House, width_s: int) -> None:
    found = house.timeline.tally(span(90_000, 99_000), width_s)
    assert (len(found), found.width_s) == (0, width_s)


def test_a_session_that_runs_extends_before_it_is_rolled_up(house: House) -> None:
    house.seconds.add(KITCHEN, [second(index, person(1)) for index in range(7501, 7601)])
    for width_s in (1, 60, 3600):
        found = house.timeline.tally(span(0, 8000), width_s, sessions=house.ids[:1])
        assert found.seconds.sum() == 1600


class TestFaded:
    """Seconds are erased long before their minutes."""

    @pytest.fixture
    def house(self, database: Database) -> House:
        made = House(database)
        made.roll()
        made.seconds.forget(at(3601))
        return made

    @pytest.mark.parametrize("width_s", [1, 10])
    def test_minutes_stand_for_seconds_that_are_gone(self, house: House, width_s: int) -> None:
        found = house.timeline.tally(span(3000, 3120), width_s)
        assert found.width_s == 60
        assert found.seconds.tolist() == [12, 12]

    def test_also_where_only_a_part_is_gone(self, house: House) -> None:
        found = house.timeline.tally(span(3480, 3720), 1)
        assert (found.width_s, found.seconds.tolist()) == (60, [12] * 4)

    def test_seconds_that_are_kept_are_shown(self, house: House) -> None:
        found = house.timeline.tally(span(3600, 3620), 1)
        assert (found.width_s, found.seconds.tolist()) == (1, [1] * 4)

    def test_a_session_that_begins_in_mid_minute_is_whole(self, house: House) -> None:
        house.seconds.add(CameraRow("porch-1", "Porch"), [second(6030, person(1))])
        found = house.timeline.tally(span(6000, 6060), 1)
        assert found.width_s == 1


class TestExtent:
    def test_of_all_that_is_kept(self, house: House) -> None:
        assert house.timeline.extent() == Span(second(0).at_utc, second(7496).at_utc)

    def test_of_videos(self, house: House) -> None:
        found = house.timeline.extent(SessionSource.VIDEO)
        assert found == Span(second(0).at_utc, second(10).at_utc)

    def test_of_nothing(self, database: Database) -> None:
        assert TimelineStore(database).extent() is None
