"""Seconds come back as they went in, and are kept small."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from core.monitoring.second import Second
from core.records import second_store
from core.records.camera_row import CameraRow
from core.records.database import Database, open_database
from core.records.roller import Roller
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.records.tables import label_set, note, reading, rollup, session
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

KITCHEN = CameraRow("kitchen-1", "Kitchen")
HALL = CameraRow("hall-1", "Hall")
DAY = timedelta(days=1)


@pytest.fixture
def seconds(database: Database) -> SecondStore:
    return SecondStore(database)


def all_of(
    store: SecondStore, since: float = -1, until: float = 1e6
) -> dict[CameraRow, list[Second]]:
    """Between so many seconds after the beginning."""
    found = store.between(
        BEGIN_UTC + timedelta(seconds=since), BEGIN_UTC + timedelta(seconds=until)
    )
    return {camera: list(each) for camera, each in found}


def test_come_back_as_they_went_in(seconds: SecondStore) -> None:
    kitchen = [second(0), second(1, person(1), person(2, pain=None)), second(5, person(2, 65535))]
    hall = [second(2, person(1, 1))]
    seconds.add(KITCHEN, kitchen[:2])
    seconds.add(HALL, hall)
    seconds.add(KITCHEN, kitchen[2:])
    assert all_of(seconds) == {KITCHEN: kitchen, HALL: hall}


def test_come_back_over_many_pages(seconds: SecondStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_store, "_PAGE", 3)
    kept = [second(index, person(1, index)) for index in range(10)]
    seconds.add(KITCHEN, kept)
    assert all_of(seconds) == {KITCHEN: kept}


def test_the_begin_counts_and_the_end_does_not(seconds: SecondStore) -> None:
    kept = [second(index) for index in range(5)]
    seconds.add(KITCHEN, kept)
    seconds.add(HALL, [second(100)])
    found = seconds.between(kept[1].at_utc, kept[3].at_utc)
    assert {camera: list(each) for camera, each in found} == {KITCHEN: kept[1:3]}


def test_a_batch_that_comes_again_changes_nothing(seconds: SecondStore) -> None:
    kept = [second(index, person(1, index)) for index in range(4)]
    seconds.add(KITCHEN, kept[:3])
    seconds.add(KITCHEN, kept)
    assert all_of(seconds) == {KITCHEN: kept}


def test_nothing_is_kept_of_nothing(seconds: SecondStore) -> None:
    seconds.add(KITCHEN, [])
    assert all_of(seconds) == {}


def test_label_sets_are_kept_once(seconds: SecondStore, database: Database) -> None:
    for index in range(3):
        seconds.add(KITCHEN, [second(index, person(1), person(2))])
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(label_set)) == 2
        kept = connection.execute(select(reading.c.shown, reading.c.watched)).first()
    assert kept is not None
    assert (len(kept.shown), len(kept.watched)) == (14, 4)


def roll_up(database: Database) -> None:
    """All that is there."""
    assert Roller(database, FakeClock(BEGIN_UTC + 400 * DAY)).roll()


def count(database: Database, table: Table) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("page", [2, 1000], ids=["in pages", "at once"])
def test_forgets_what_is_old(
    page: int, seconds: SecondStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_store, "_PAGE", page)
    kept = [second(index, person(1)) for index in range(9)]
    seconds.add(KITCHEN, kept)
    seconds.add(HALL, [second(index, person(1)) for index in range(4)])
    roll_up(database)
    assert seconds.forget(kept[5].at_utc) == 5 + 4
    assert all_of(seconds) == {KITCHEN: kept[5:]}
    assert count(database, reading) == 4
    assert seconds.forget(kept[5].at_utc) == 0


def test_what_is_not_rolled_up_is_not_forgotten(seconds: SecondStore) -> None:
    kept = [second(index, person(1)) for index in range(9)]
    seconds.add(KITCHEN, kept)
    assert seconds.forget(BEGIN_UTC + DAY) == 0
    assert all_of(seconds) == {KITCHEN: kept}


def test_a_session_goes_with_its_last_rollup(seconds: SecondStore, database: Database) -> None:
    seconds.add(KITCHEN, [second(1, person(1))])
    seconds.add(HALL, [second(hour * 3600 + 1, person(1)) for hour in range(3)])
    roll_up(database)
    seconds.forget(BEGIN_UTC + DAY)
    assert count(database, session) == 2
    assert seconds.forget_rollups(BEGIN_UTC + timedelta(hours=1, minutes=59)) == 2
    with database.read() as connection:
        (left,) = connection.execute(select(session))
        assert set(connection.scalars(select(rollup.c.at_utc))) == {
            BEGIN_UTC + timedelta(hours=hour) for hour in (1, 2)
        }
    assert (left.camera_id, left.began_utc) == (HALL.id, BEGIN_UTC + timedelta(hours=1))
    assert seconds.forget_rollups(BEGIN_UTC + DAY) == 2
    assert [count(database, table) for table in (session, rollup)] == [0, 0]


def test_rollups_of_seconds_that_are_kept_stay(seconds: SecondStore, database: Database) -> None:
    seconds.add(KITCHEN, [second(hour * 3600 + 1, person(1)) for hour in range(3)])
    roll_up(database)
    seconds.forget(BEGIN_UTC + timedelta(hours=1))
    assert seconds.forget_rollups(BEGIN_UTC + DAY) == 1


def test_a_session_with_a_note_stays(seconds: SecondStore, database: Database) -> None:
    seconds.add(KITCHEN, [second(0)])
    with database.write() as connection:
        session_id = connection.scalar(select(session.c.id))
        at = {"at_utc": BEGIN_UTC, "made_utc": BEGIN_UTC}
        connection.execute(note.insert().values(text="Tea", session_id=session_id, **at))
    roll_up(database)
    assert seconds.forget(BEGIN_UTC + DAY) == 1
    assert [count(database, table) for table in (session, note)] == [1, 1]


def test_a_camera_that_was_forgotten_may_go_on(seconds: SecondStore, database: Database) -> None:
    seconds.add(KITCHEN, [second(0)])
    roll_up(database)
    seconds.forget(BEGIN_UTC + DAY)
    assert count(database, session) == 0
    seconds.add(KITCHEN, [second(1)])
    assert all_of(seconds) == {KITCHEN: [second(1)]}


def test_a_session_knows_what_its_seconds_were_read_with(
    seconds: SecondStore, database: Database
) -> None:
    seconds.add(KITCHEN, [second(5)])
    video = CameraRow(KITCHEN.id, "Clip", "mien8", 0.7, SessionSource.VIDEO)
    seconds.add(video, [second(3), second(9)])
    assert list(all_of(seconds)) == [video]
    with database.read() as connection:
        row = connection.execute(select(session)).one()
    assert (row.camera_name, row.model, row.sure_from, row.source) == (
        "Clip",
        "mien8",
        0.7,
        "video",
    )
    assert (row.began_utc, row.last_utc) == (second(2).at_utc, second(9).at_utc)


def test_a_month_of_one_camera_stays_small(tmp_path: Path) -> None:
    database = open_database(None, tmp_path)
    store = SecondStore(database)
    hour = 3600
    size_before = _size(database)
    store.add(KITCHEN, [second(index, person(1, index)) for index in range(hour)])
    each_byte = (_size(database) - size_before) / hour
    database.close()
    assert each_byte < 130


def _size(database: Database) -> int:
    with database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
