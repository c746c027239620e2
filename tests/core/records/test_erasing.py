"""Erasing takes what was asked for, all of it, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from core.alerts.change import Ending
from core.errors import RecordsError
from core.monitoring.second import Second
from core.records import erasing_rows, roller
from core.records.alert_filter import AlertFilter
from core.records.alert_store import AlertStore
from core.records.camera_row import CameraRow
from core.records.database import FILE_NAME, Database
from core.records.delivery import State
from core.records.erasing import Erased, Eraser
from core.records.note_store import NoteStore
from core.records.outbox import Outbox
from core.records.recipient import ChannelKind
from core.records.recipients import Recipients
from core.records.recorder import Recorder
from core.records.roller import Roller
from core.records.second_store import SecondStore
from core.records.session import Session
from core.records.session_store import SessionStore
from core.records.tables import alert_picture, attempt, delivery, reading, rollup
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from core.timeline.tally import Tally
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

KITCHEN, HALL = CameraRow("kitchen", "Kitchen"), CameraRow("hall", "Hall")
MINUTES = 130
DAY = timedelta(days=1)


def at(minutes: float) -> datetime:
    """So many after noon, when the first second began."""
    return BEGIN_UTC + timedelta(minutes=minutes)


def span(since: float, until: float) -> Span:
    return Span(at(since), at(until))


@dataclass
class House:
    """Two cameras that ran side by side for two hours, everything rolled up."""

    database: Database
    clock: FakeClock

    def __post_init__(self) -> None:
        self.seconds = SecondStore(self.database)
        self.sessions = SessionStore(self.database)
        self.timeline = TimelineStore(self.database)
        self.alerts = AlertStore(self.database, self.clock)
        self.notes = NoteStore(self.database, self.clock)
        self.eraser = Eraser(self.database)
        self.roller = Roller(self.database, self.clock)

    def roll(self) -> None:
        while self.roller.roll():
            pass

    def record(self, camera: CameraRow, indexes: Sequence[int]) -> None:
        self.seconds.add(camera, [second(each, person(1, each * 97 % 65536)) for each in indexes])

    def session(self, camera: CameraRow) -> Session:
        found = self.sessions.by_camera_id(camera.id)
        assert found is not None
        return found

    def kept(self, camera: CameraRow) -> list[int]:
        """Which seconds."""
        for each, seconds in self.seconds.between(at(-1), at(9999)):
            if each.id == camera.id:
                return [round(one.at_s - second(0).at_s) for one in seconds]
        return []

    def tally(self, width_s: int) -> Tally:
        return self.timeline.tally(span(-1, 9999), width_s)

    def alert(self, minute: float, camera: str = "kitchen", *, over: bool = True) -> str:
        new = new_alert(camera_id=camera, fired_utc=at(minute), person=int(minute * 60) + 1)
        self.alerts.open(new, 3600)
        if over:
            self.alerts.close(new.id, at(minute + 1), Ending.CLEARED)
        return new.id

    def alerts_left(self) -> set[str]:
        return {each.id for each in self.alerts.list(AlertFilter(), 100)}


SEEN = range(1, MINUTES * 60, 20)
"""A second's number is that of its end."""


@pytest.fixture
def house(database: Database) -> House:
    made = House(database, FakeClock(BEGIN_UTC + DAY))
    for camera in (KITCHEN, HALL):
        made.record(camera, SEEN)
    made.roll()
    return made


def test_a_session_goes_with_everything_that_is_its_own(house: House) -> None:
    kitchen = house.session(KITCHEN)
    with_it = house.notes.add(at(3), "of the kitchen", kitchen.id)
    beside = [house.notes.add(at(3), "of all"), house.notes.add(at(3), "", house.session(HALL).id)]
    house.alert(5)
    stays = {house.alert(5, "hall"), house.alert(7, over=False), house.alert(-5)}
    expected = Erased(seconds=len(SEEN), minutes=MINUTES, notes=1, alerts=1, pictures=1)
    assert house.eraser.count(kitchen.id) == expected
    assert house.eraser.erase_session(kitchen.id) == expected
    assert house.sessions.list() == (house.session(HALL),)
    assert house.kept(KITCHEN) == []
    assert house.kept(HALL) == list(SEEN)
    for width_s in (1, 60, 3600):
        assert set(house.tally(width_s).session) == {house.session(HALL).id}
    assert house.notes.between(span(-1, 99)) == tuple(beside)
    assert house.notes.one(with_it.id) is None
    assert house.alerts_left() == stays
    with pytest.raises(RecordsError, match="not kept any more"):
        house.eraser.erase_session(kitchen.id)


def test_an_alert_goes_with_its_picture_and_what_was_told(
    house: House, recipients: Recipients, outbox: Outbox
) -> None:
    recipients.add("Anna", ChannelKind.DRY_RUN, "anna")
    gone, stays = house.alert(5), house.alert(50)
    for row in outbox.lease("server", 60, 10):
        outbox.finish(row.id, State.SENT, "It was sent.")
    assert house.eraser.erase_span(span(4, 6)).alerts == 1
    with house.database.read() as connection:
        assert set(connection.scalars(select(delivery.c.alert_id))) == {stays}
        assert set(connection.scalars(select(alert_picture.c.alert_id))) == {stays}
        left = select(func.count()).select_from(attempt)
        assert connection.scalar(left) == connection.scalar(left.join(delivery))
    assert gone not in house.alerts_left()


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(10, 20, id="whole minutes"),
        pytest.param(10.5, 10.7, id="within a minute"),
        pytest.param(55.3, 65.2, id="over an hour's edge"),
        pytest.param(-5, 61.5, id="from before the beginning"),
        pytest.param(61.5, 9999, id="to after the end"),
        pytest.param(200, 300, id="of nothing"),
    ],
)
def test_a_part_goes_as_if_it_had_never_been(
    house: House, since: float, until: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing_rows, "_PAGE", 100)
    gone = [each for each in SEEN if since * 60 <= each - 1 < until * 60]
    counted = house.eraser.count(span(since, until))
    assert counted.seconds == len(gone) * 2
    assert house.eraser.erase_span(span(since, until)) == counted
    left = [each for each in SEEN if each not in set(gone)]
    for camera in (KITCHEN, HALL):
        assert house.kept(camera) == left
        session = house.session(camera)
        assert session.began_utc == second(left[0]).at_utc - timedelta(seconds=1)
        assert session.last_utc == second(left[-1]).at_utc
    for camera in (KITCHEN, HALL):  # two more sessions, in which only this was ever seen
        house.record(anew(camera), left)
    house.roll()
    for camera in (KITCHEN, HALL):
        assert_same_tallies(house, house.session(camera), house.session(anew(camera)))


def anew(camera: CameraRow) -> CameraRow:
    return CameraRow(f"{camera.id}-anew", camera.name)


def assert_same_tallies(house: House, *pair: Session) -> None:
    for width_s in (1, 60, 3600):
        one, two = (
            house.timeline.tally(span(-1, 9999), width_s, sessions=[each.id]) for each in pair
        )
        for name in ("begin_s", "seconds", "top", "pain_seconds", "changes"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        np.testing.assert_allclose(one.probabilities, two.probabilities)


def test_where_only_roll_ups_are_left_whole_minutes_go(house: House) -> None:
    house.seconds.forget(at(9999))
    erased = house.eraser.erase_span(span(10.5, 12))
    assert erased == Erased(minutes=2 * 2)
    minutes = house.timeline.tally(span(-1, 9999), 60, sessions=[house.session(KITCHEN).id])
    begins_s = int(at(0).timestamp()) + 60 * np.arange(MINUTES)
    np.testing.assert_array_equal(minutes.begin_s, np.delete(begins_s, [10, 11]))
    hours = house.timeline.tally(span(-1, 9999), 3600, sessions=[house.session(KITCHEN).id])
    np.testing.assert_array_equal(hours.seconds, [58 * 3, 60 * 3, 10 * 3])
    assert house.eraser.erase_span(span(0, 60)).minutes == 58 * 2
    assert house.session(HALL).began_utc == at(60)
    assert house.session(HALL).last_utc == second(SEEN[-1]).at_utc


def test_notes_and_alerts_of_a_time_go_and_what_goes_on_stays(house: House) -> None:
    kitchen = house.session(KITCHEN)
    house.notes.add(at(10), "", kitchen.id)
    house.notes.add(at(11.9), "of all")
    left = house.notes.add(at(12), ""), house.notes.add(at(9.9), "", kitchen.id)
    house.alert(10)
    house.alert(11.9, "hall")
    stays = {house.alert(12), house.alert(9.9), house.alert(11, over=False)}
    erased = house.eraser.erase_span(span(10, 12))
    assert (erased.notes, erased.alerts, erased.pictures) == (2, 2, 2)
    assert set(house.notes.between(span(-1, 999))) == set(left)
    assert house.alerts_left() == stays


def test_a_session_with_a_note_outside_the_time_stays_for_it(house: House) -> None:
    kitchen = house.session(KITCHEN)
    later = house.notes.add(at(MINUTES + 1), "when it was over", kitchen.id)
    house.eraser.erase_span(span(-1, MINUTES))
    assert [each.id for each in house.sessions.list()] == [kitchen.id]
    assert house.notes.one(later.id) == later
    assert house.kept(KITCHEN) == house.kept(HALL) == []


def test_many_alerts_go_in_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing_rows, "_PAGE_OF_ALERTS", 2)
    for minute in range(5):
        house.alert(minute)
    assert house.eraser.erase_span(span(0, 4)).alerts == 4
    assert len(house.alerts_left()) == 1


class TestOfACameraThatRuns:
    def test_begins_anew_with_the_next_second(self, house: House) -> None:
        recorder = Recorder(house.seconds)
        eraser = Eraser(house.database, recorder)
        old = house.session(KITCHEN)
        for index in (8000, 8001):
            recorder.add(KITCHEN, second(index, person()))
        recorder.add(HALL, second(8001))
        eraser.erase_session(old.id)
        recorder.flush()
        assert house.sessions.by_camera_id("kitchen") is None
        assert house.kept(HALL)[-1] == 8001
        recorder.add(KITCHEN, second(8002))
        recorder.flush()
        assert house.session(KITCHEN).id != old.id
        assert house.session(KITCHEN).began_utc == second(8001).at_utc
        assert house.kept(KITCHEN) == [8002]

    def test_what_waits_of_a_time_does_not_come_back(self, house: House) -> None:
        recorder = Recorder(house.seconds)
        for index in (8000, 8001, 8002):
            recorder.add(KITCHEN, second(index))
        until_utc = second(8001).at_utc  # when the last one began
        Eraser(house.database, recorder).erase_span(Span(at(0), until_utc))
        recorder.flush()
        assert house.kept(KITCHEN) == [8002]

    def test_a_batch_that_is_being_written_goes_with_the_rest(self, house: House) -> None:
        writes, may_write = threading.Event(), threading.Event()

        class SlowStore(SecondStore):
            def add(self, camera: CameraRow, seconds: Sequence[Second]) -> None:
                writes.set()
                may_write.wait()
                super().add(camera, seconds)

        recorder = Recorder(SlowStore(house.database))
        recorder.add(KITCHEN, second(8000))
        recorder.start()
        writes.wait()
        erasing = threading.Thread(
            target=Eraser(house.database, recorder).erase_span, args=[span(-1, 9999)]
        )
        erasing.start()
        may_write.set()
        erasing.join()
        recorder.stop()
        assert house.sessions.list() == ()


def test_sums_that_are_being_made_meanwhile_go_too(house: House) -> None:
    house.record(KITCHEN, range(20_000, 20_600))
    session, late_utc = house.session(KITCHEN), house.clock.now_utc()
    house.notes.add(at(-5), "for which the session stays", session.id)
    everything = span(-1, 9999)
    erasing = threading.Thread(target=house.eraser.erase_span, args=[everything])
    with house.database.write() as connection:
        assert roller._roll_page(connection, session.id, late_utc)
        erasing.start()
        time.sleep(0.3)  # on PostgreSQL it erases what it sees meanwhile
    erasing.join()
    with house.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(rollup)) == 0
    assert [each.id for each in house.sessions.list()] == [session.id]


class TestOfSqlite:
    PICTURE = b"\xff\xd8" + bytes(range(256)) * 400
    NOTE = "Anna had tea with her sister in the garden."

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_nothing_of_it_is_left_in_the_files(self, house: House, tmp_path: Path) -> None:
        house.notes.add(at(5), self.NOTE)
        new = new_alert(fired_utc=at(5), picture_jpeg=self.PICTURE)
        house.alerts.open(new, 3600)
        house.alerts.close(new.id, at(6), Ending.CLEARED)
        face = bytes_of_a_face(house)
        there = (self.NOTE.encode(), self.PICTURE[:300], self.PICTURE[-5000:-4000], face)
        assert [found_in(tmp_path, each) for each in there] == [True] * 4
        house.eraser.erase_span(span(-1, 9999))
        assert [found_in(tmp_path, each) for each in there] == [False] * 4

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_somebody_who_reads_at_that_moment_does_no_harm(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        house.database.truncate_log()
        with house.database.read() as connection:
            connection.execute(select(reading).limit(1)).all()
            with_reader = house.eraser.erase_span(span(-1, 9999))
        assert with_reader.seconds == 2 * len(SEEN)
        assert "somebody reads it" in caplog.text
        assert house.database.truncate_log()


def bytes_of_a_face(house: House) -> bytes:
    """As one reading has them."""
    with house.database.read() as connection:
        kept = connection.scalars(select(reading.c.shown).limit(1).offset(50)).one()
    return bytes(kept)


def found_in(folder: Path, what: bytes) -> bool:
    return any(what in path.read_bytes() for path in folder.glob(f"{FILE_NAME}*"))
