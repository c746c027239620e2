"""A database of an older version is brought to this one with all that it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, insert, inspect, make_url

from core.monitoring.second import Second
from core.monitoring.settings import SURE_FROM
from core.records.alert_rows import values_of
from core.records.alert_store import AlertStore
from core.records.camera_row import CameraRow
from core.records.database import Database, open_database
from core.records.roller import Roller
from core.records.schema import config_for
from core.records.second_rows import insert_seconds
from core.records.second_store import SecondStore
from core.records.session import Session, SessionSource
from core.records.session_store import SessionStore
from core.records.tables import alert, session
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.databases import drop_tables
from tests.support.seconds import BEGIN_UTC, person, second

KITCHEN = CameraRow("kitchen-1", "Kitchen")
KEPT = [second(index, person(1), person(2, pain=None)) for index in range(30, 200)]
HOUR = timedelta(hours=1)


@pytest.fixture
def older_url(database_url: str, alters_tables: None) -> str:
    """Of a database of the first version, with seconds and an alert in it."""
    drop_tables(database_url)
    address = make_url(database_url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        fill(connection, KEPT)
    engine.dispose()
    return database_url


def fill(connection: Connection, seconds: list[Second]) -> None:
    """Only what the first version's tables have."""
    for camera_id in (KITCHEN.id, "empty-1"):
        values = {"camera_id": camera_id, "camera_name": "Kitchen"}
        connection.execute(insert(session).values(values))
    insert_seconds(connection, 1, seconds)
    connection.execute(insert(alert).values(values_of(new_alert(), "this server")))


@pytest.fixture
def database(older_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = open_database(older_url, tmp_path)
    yield opened
    opened.close()


def test_nothing_is_lost(database: Database) -> None:
    found = SecondStore(database).between(BEGIN_UTC, BEGIN_UTC + HOUR)
    assert {camera: list(seconds) for camera, seconds in found} == {KITCHEN: KEPT}
    kept = AlertStore(database, FakeClock()).one(1)
    assert kept is not None
    assert kept.why == new_alert().why


def test_sessions_get_the_times_of_their_seconds(database: Database) -> None:
    assert SessionStore(database).list() == (
        Session(
            id=1,
            camera_id=KITCHEN.id,
            camera_name="Kitchen",
            name="",
            source=SessionSource.CAMERA,
            model="",
            sure_from=SURE_FROM,
            began_utc=KEPT[0].at_utc - timedelta(seconds=1),
            last_utc=KEPT[-1].at_utc,
        ),
    )


def test_older_seconds_are_rolled_up(database: Database) -> None:
    begin_s = int(BEGIN_UTC.timestamp())
    assert Roller(database, FakeClock(BEGIN_UTC + HOUR)).roll() == 1
    SecondStore(database).forget(BEGIN_UTC + HOUR)
    found = TimelineStore(database).tally(Span(BEGIN_UTC, BEGIN_UTC + HOUR), 60)
    assert found.begin_s.tolist() == [begin_s + 60 * minute for minute in range(4)] * 2
    assert found.seconds.tolist() == [31, 60, 60, 19] * 2


def test_a_session_that_goes_on_is_widened(database: Database) -> None:
    SecondStore(database).add(KITCHEN, [second(300, person(1))])
    (found,) = SessionStore(database).list()
    assert found.last_utc == second(300).at_utc


def test_tables_are_those_of_a_new_database(database: Database) -> None:
    with database.read() as connection:
        columns = {each["name"] for each in inspect(connection).get_columns("session")}
    assert columns == set(session.columns.keys())
