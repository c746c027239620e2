"""Whatever arrives when, and however often it is rolled up: the sums are those of the seconds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.monitoring.second import PersonSecond, Second
from core.monitoring.settings import SURE_FROM
from core.records import roller as roller_module
from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.roller import LATE, Roller
from core.records.second_store import SecondStore
from core.records.session_store import SessionStore
from core.records.tables import rollup, session
from core.records.tally_rows import rollups_where
from core.records.timeline_store import TimelineStore
from core.timeline.adding import coarser
from core.timeline.reading_tally import tally_of_seconds
from core.timeline.span import Span
from core.timeline.tally import ROW_COLUMNS, Tally
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, in_steps, person, second

KITCHEN = CameraRow("kitchen-1", "Kitchen")
HALL = CameraRow("hall-1", "Hall")
DAY = Span(BEGIN_UTC - timedelta(hours=12), BEGIN_UTC + timedelta(hours=12))
WIDTHS = (1, 60, 3600)


class House:
    """One database, whose time goes on where a test says so."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seconds = SecondStore(database)
        self.timeline = TimelineStore(database)
        self.sessions = SessionStore(database)
        self.clock = FakeClock(BEGIN_UTC)
        self.roller = Roller(database, self.clock)

    def id_of(self, camera: CameraRow) -> int:
        found = self.sessions.by_camera_id(camera.id)
        assert found is not None
        return found.id

    def rolled_until(self, camera: CameraRow) -> float:
        """Seconds after the beginning."""
        row = session.c
        with self.database.read() as connection:
            at_utc = connection.scalar(
                select(row.rolled_until_utc).where(row.camera_id == camera.id)
            )
        assert isinstance(at_utc, datetime)
        return (at_utc - BEGIN_UTC).total_seconds()

    def kept(self, width_s: int, camera: CameraRow) -> Tally:
        """Roll-ups, and nothing else."""
        of_session = rollup.c.session_id == self.id_of(camera)
        with self.database.read() as connection:
            return rollups_where(connection, width_s, of_session)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def assert_same(found: Tally, expected: Tally) -> None:
    for name in ROW_COLUMNS:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), err_msg=name)
    np.testing.assert_array_equal(in_order(found.changes), in_order(expected.changes))


def in_order(changes: np.ndarray) -> np.ndarray:
    return changes[np.lexsort(changes.T[::-1])]


def straight(session_id: int, seconds: Sequence[Second], width_s: int) -> Tally:
    return coarser(tally_of_seconds(session_id, seconds, SURE_FROM), width_s)


def assert_all_told(house: House, camera: CameraRow, seconds: Sequence[Second]) -> None:
    session_id = house.id_of(camera)
    for width_s in WIDTHS:
        found = house.timeline.tally(DAY, width_s, sessions=[session_id])
        assert found.width_s == width_s
        assert_same(found, straight(session_id, seconds, width_s))


MOODS = (0, 20_000, 32_000, 60_000)
_MOOD = st.sampled_from([None, *MOODS])
_PAIN = st.sampled_from([None, 0, 65_535])
_GAP_S = st.sampled_from([1, 1, 1, 1, 1, 1, 2, 3, 25, 65])


@st.composite
def batches(draw: st.DrawFn) -> list[list[Second]]:
    """Of a session around the turn of an hour, in any order, some of them twice."""
    gaps_s = draw(st.lists(_GAP_S, min_size=8, max_size=40))
    seconds = [
        second(end_s, *draw(_people())) for end_s in np.cumsum([3600 - 65, *gaps_s]).tolist()
    ]
    length = draw(st.integers(3, 20))
    parts = [seconds[first : first + length] for first in range(0, len(seconds), length)]
    order = st.just(parts) | st.permutations([*parts, draw(st.sampled_from(parts))])
    return list(draw(order))


@st.composite
def _people(draw: st.DrawFn) -> list[PersonSecond]:
    moods = [(track_id, draw(_MOOD)) for track_id in (1, 2)]
    return [person(track_id, mood, draw(_PAIN)) for track_id, mood in moods if mood is not None]


@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a smaller example takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=batches(), waits_s=st.lists(st.integers(0, 150), min_size=15, max_size=15))
def test_whenever_it_is_rolled_up_the_sums_are_those_of_the_seconds(
    house: House, batches: list[list[Second]], waits_s: list[int]
) -> None:
    house = House(house.database)
    with house.database.write() as connection:
        connection.execute(session.delete())
    house.clock.advance(3600 - 65)
    there: dict[datetime, Second] = {}
    for batch, wait_s in zip(batches, waits_s, strict=False):
        house.seconds.add(KITCHEN, batch)
        there.update({each.at_utc: each for each in batch})
        assert_all_told(house, KITCHEN, list(there.values()))
        house.clock.advance(wait_s)
        house.roller.roll()
        assert_all_told(house, KITCHEN, list(there.values()))
    house.clock.advance(7 * 3600)
    house.roller.roll()
    assert house.roller.roll() == 0
    assert_all_told(house, KITCHEN, list(there.values()))
    for width_s in (60, 3600):
        expected = straight(house.id_of(KITCHEN), list(there.values()), width_s)
        assert_same(house.kept(width_s, KITCHEN), expected)


def test_a_minute_waits_for_its_last_seconds(house: House) -> None:
    house.seconds.add(KITCHEN, [second(index, person()) for index in range(1, 100)])
    house.clock.advance(60 + LATE.total_seconds() - 1)
    assert house.roller.roll() == 0
    house.clock.advance(1)
    assert house.roller.roll() == 1
    assert house.rolled_until(KITCHEN) == 60
    assert house.kept(60, KITCHEN).seconds.tolist() == [60]
    assert house.kept(3600, KITCHEN).seconds.tolist() == [60]


def test_minutes_in_which_nothing_was_seen_are_passed_over(house: House) -> None:
    kept = [second(30, person()), second(31), second(1000, person())]
    house.seconds.add(KITCHEN, kept)
    house.clock.advance(2000)
    assert house.roller.roll() == 1
    assert house.kept(60, KITCHEN).begin_s.tolist() == [
        int(BEGIN_UTC.timestamp()) + after_s for after_s in (0, 960)
    ]
    assert house.roller.roll() == 0


def test_a_late_second_is_rolled_up_too(house: House) -> None:
    kept = [second(index, person(1, MOODS[index % 4])) for index in range(3500, 3900)]
    house.seconds.add(KITCHEN, kept[:50] + kept[70:])
    house.clock.advance(9000)
    house.roller.roll()
    house.seconds.add(KITCHEN, kept[50:70])
    assert house.rolled_until(KITCHEN) == 3540
    assert_all_told(house, KITCHEN, kept)
    house.roller.roll()
    assert_all_told(house, KITCHEN, kept)
    assert_same(house.kept(3600, KITCHEN), straight(house.id_of(KITCHEN), kept, 3600))


def test_a_change_of_look_across_the_turn_of_a_minute_counts_in_the_later_one(
    house: House,
) -> None:
    kept = [second(60, person(1, 60_000)), second(61, person(1, 0))]
    house.seconds.add(KITCHEN, kept)
    for _ in range(2):  # minute by minute
        house.clock.advance(75)
        house.roller.roll()
    assert house.kept(60, KITCHEN).changes[:, 0].tolist() == [1]
    assert house.kept(3600, KITCHEN).changes[:, 3].tolist() == [1]


def test_a_clock_that_went_back_only_delays(house: House) -> None:
    house.seconds.add(KITCHEN, [second(7201 + index, person()) for index in range(100)])
    assert house.roller.roll() == 0
    house.clock.advance(7400)
    assert house.roller.roll() == 1


def test_a_long_backlog_keeps_no_other_camera_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roller_module, "_MOST_PAGES", 2)
    house.seconds.add(KITCHEN, [second(hour * 3600 + 1, person()) for hour in range(5)])
    house.seconds.add(HALL, [second(20, person())])
    house.clock.advance(86_400)
    assert house.roller.roll() == 2
    assert [len(house.kept(60, camera)) for camera in (KITCHEN, HALL)] == [1, 1]
    assert [house.roller.roll() for _ in range(3)] == [2, 2, 0]
    assert len(house.kept(60, KITCHEN)) == 5


def test_another_model_in_one_session_brings_its_labels(house: House) -> None:
    other = PersonSecond(1, 5, in_steps(("happy", "pain"), 20_000, 45_535))
    kept = [second(index, person(1)) for index in range(1, 40)]
    kept += [second(index, other) for index in range(40, 200)]
    house.seconds.add(KITCHEN, kept)
    house.clock.advance(300)
    house.roller.roll()
    found = house.timeline.tally(DAY, 60, sessions=[house.id_of(KITCHEN)])
    expected = straight(house.id_of(KITCHEN), kept, 60)
    assert set(found.labels) == set(expected.labels)
    for label in expected.labels:
        np.testing.assert_allclose(
            found.probabilities[:, found.labels.index(label)],
            expected.probabilities[:, expected.labels.index(label)],
        )


def test_what_is_written_while_it_is_rolled_up_is_not_missed(house: House) -> None:
    kept = [second(index, person(1, MOODS[index // 7 % 4])) for index in range(1, 301)]
    batches = [kept[first : first + 5] for first in range(0, len(kept), 5)]
    house.clock.advance(7200)
    house.seconds.add(KITCHEN, batches.pop(30))

    def write() -> None:
        for batch in (*batches[::2], *batches[1::2]):  # every other one is late
            house.seconds.add(KITCHEN, batch)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        house.roller.roll()
    writer.join()
    assert_all_told(house, KITCHEN, kept)
    house.roller.roll()
    assert house.roller.roll() == 0
    for width_s in (60, 3600):
        expected = straight(house.id_of(KITCHEN), kept, width_s)
        assert_same(house.kept(width_s, KITCHEN), expected)
