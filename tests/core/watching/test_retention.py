from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.policy import AlertPolicy
from core.delivery.stores import Stores
from core.errors import RecordsError
from core.records import stores as records
from core.records.database import open_database
from core.records.keeping import Keeping, KeepingStore
from core.records.kept_setting import KeptSetting
from core.records.note_store import NoteStore
from core.records.roller import Roller
from core.records.second_store import CameraRow, SecondStore
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore
from core.timeline.span import Span
from core.watching.retention import EVERY_S, Retention
from core.watching.steady_date import SteadyDate
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

DAY_S = 86_400
PICTURE = bytes(range(200)) * 100


class House:
    """A database with one alert and one second, and a clock that begins when both were made."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock(BEGIN_UTC)
        self.database = open_database(None, folder)
        self.stores = Stores(
            alerts=records.AlertStore(self.database, self.clock),
            outbox=records.Outbox(self.database, self.clock),
            recipients=records.Recipients(self.database, self.clock),
            link_codes=records.LinkCodes(self.database, self.clock),
            snoozes=records.Snoozes(self.database, self.clock),
            policy=records.PolicyStore(self.database),
            leases=records.Leases(self.database, self.clock),
        )
        self.seconds = SecondStore(self.database)
        fired = new_alert(fired_utc=BEGIN_UTC, picture_jpeg=PICTURE)
        self.alert = self.stores.alerts.open(fired, 3600)
        self.seconds.add(CameraRow("camera", "Kitchen"), [second(0, person())])
        self.keeping = KeepingStore(self.database)
        self.retention = self.of_a_server()
        self.retention.keep()

    def of_a_server(self) -> Retention:
        date = SteadyDate(KeptSetting(self.database, "retention"), self.clock)
        return Retention(self.stores, self.seconds, self.keeping, self.database, date, self.clock)

    def days_pass(self, days: float) -> None:
        """The server runs all the while."""
        steps = math.ceil(days / 5)
        for _ in range(steps):
            self.clock.advance(days / steps * DAY_S)
            Roller(self.database, self.clock).roll()
            self.retention.keep()

    @property
    def has_picture(self) -> bool:
        return self.stores.alerts.picture(self.alert.id) is not None

    @property
    def has_second(self) -> bool:
        kept = self.seconds.between(BEGIN_UTC, BEGIN_UTC + timedelta(days=1))
        return any(list(seconds) for _, seconds in kept)

    @property
    def has_sums(self) -> bool:
        day = Span(BEGIN_UTC - timedelta(hours=1), BEGIN_UTC + timedelta(days=1))
        return len(TimelineStore(self.database).tally(day, 3600)) > 0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def test_pictures_go_after_the_days_that_are_set_and_the_alert_stays(house: House) -> None:
    house.stores.policy.save(AlertPolicy(picture_days=2))
    house.days_pass(1.75)
    assert house.has_picture
    house.days_pass(0.5)
    assert not house.has_picture
    assert house.stores.alerts.one(house.alert.number) is not None


def test_seconds_go_after_a_month_and_their_sums_after_a_year(house: House) -> None:
    house.days_pass(29)
    assert (house.has_second, house.has_sums) == (True, True)
    house.days_pass(2)
    assert (house.has_second, house.has_sums) == (False, True)
    house.days_pass(330)
    assert house.has_sums
    house.days_pass(6)
    assert not house.has_sums
    assert SessionStore(house.database).list() == ()


def test_seconds_and_sums_go_after_the_days_that_are_set(house: House) -> None:
    house.keeping.save(Keeping(readings_days=2, rollups_days=4))
    house.days_pass(3)
    assert (house.has_second, house.has_sums) == (False, True)
    house.days_pass(3)
    assert not house.has_sums


def test_a_second_that_is_not_in_the_sums_yet_stays(house: House) -> None:
    house.clock.advance(6 * DAY_S)
    house.keeping.save(Keeping(readings_days=1))
    house.retention.keep()
    assert house.has_second
    house.days_pass(0.25)
    assert (house.has_second, house.has_sums) == (False, True)


def test_a_session_stays_for_the_note_beside_it(house: House) -> None:
    (kept,) = SessionStore(house.database).list()
    note = NoteStore(house.database, house.clock).add(BEGIN_UTC, "her birthday", kept.id)
    house.keeping.save(Keeping(1, 1))
    house.days_pass(3)
    assert not house.has_sums
    assert NoteStore(house.database, house.clock).one(note.id) == note


def test_settings_that_cannot_be_read_let_no_reading_expire(house: House) -> None:
    KeptSetting(house.database, "keeping").put("?")
    with pytest.raises(RecordsError, match="nothing expires"):
        house.days_pass(60)
    assert house.has_second


def test_it_works_once_an_hour(house: House) -> None:
    house.stores.policy.save(AlertPolicy(picture_days=1))
    house.clock.advance(DAY_S - EVERY_S / 2)
    house.retention.keep()
    house.clock.advance(EVERY_S - 1)
    house.retention.keep()
    assert house.has_picture
    house.clock.advance(1)
    house.retention.keep()
    assert not house.has_picture


def test_of_two_servers_one_does_it(house: House) -> None:
    house.clock.advance(6 * DAY_S)
    house.stores.policy.save(AlertPolicy(picture_days=1))
    assert house.stores.leases.hold("retention", "another server", 60)
    house.retention.keep()
    assert house.has_picture
    house.clock.advance(61)
    house.stores.leases.let_go("retention", "another server")
    house.retention.keep()
    assert not house.has_picture


def test_a_clock_that_leaps_by_years_lets_nothing_expire_that_day(house: House) -> None:
    house.clock.advance(3 * 365 * DAY_S)
    for _ in range(23):
        house.retention.keep()
        house.clock.advance(EVERY_S)
    assert (house.has_picture, house.has_second) == (True, True)
    house.days_pass(0.25)  # it was right: the house was closed
    assert (house.has_picture, house.has_second, house.has_sums) == (False, False, False)


def test_what_has_expired_is_not_left_in_the_files(house: House, tmp_path: Path) -> None:
    def is_there() -> bool:
        return any(PICTURE[:400] in path.read_bytes() for path in tmp_path.glob("mien.db*"))

    assert is_there()
    house.days_pass(8)
    assert not is_there()
