from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.alerts.policy import AlertPolicy
from core.delivery.stores import Stores
from core.records import stores as records
from core.records.database import open_database
from core.records.second_store import CameraRow, SecondStore
from core.watching.retention import EVERY_S, SECONDS_KEPT, Retention
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second

DAY_S = 86_400


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
        fired = new_alert(fired_utc=BEGIN_UTC, picture_jpeg=b"jpeg")
        self.alert = self.stores.alerts.open(fired, 3600)
        self.seconds.add(CameraRow("camera", "Kitchen"), [second(0, person())])
        self.retention = self.of("this server")

    def of(self, owner: str) -> Retention:
        return Retention(self.stores, self.seconds, owner, self.clock)

    @property
    def has_picture(self) -> bool:
        return self.stores.alerts.picture(self.alert.id) is not None

    @property
    def has_second(self) -> bool:
        kept = self.seconds.between(BEGIN_UTC, BEGIN_UTC + timedelta(days=1))
        return any(list(seconds) for _, seconds in kept)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


def test_pictures_go_after_the_days_that_are_set_and_the_alert_stays(house: House) -> None:
    house.stores.policy.save(AlertPolicy(picture_days=2))
    house.clock.advance(1.9 * DAY_S)
    house.retention.keep()
    assert house.has_picture
    house.clock.advance(0.2 * DAY_S)
    house.retention.keep()
    assert not house.has_picture
    assert house.stores.alerts.one(house.alert.number) is not None


def test_seconds_go_after_a_month(house: House) -> None:
    house.clock.advance(SECONDS_KEPT.total_seconds() - DAY_S)
    house.retention.keep()
    assert house.has_second
    house.clock.advance(2 * DAY_S)
    house.retention.keep()
    assert not house.has_second


def test_it_works_once_an_hour(house: House) -> None:
    house.retention.keep()
    house.clock.advance(100 * DAY_S)
    house.retention = house.of("this server")
    house.retention.keep()
    assert not house.has_picture
    house.seconds.add(CameraRow("camera", "Kitchen"), [second(0, person())])
    house.clock.advance(EVERY_S - 1)
    house.retention.keep()
    assert house.has_second
    house.clock.advance(2)
    house.retention.keep()
    assert not house.has_second


def test_of_two_servers_one_does_it(house: House) -> None:
    house.clock.advance(100 * DAY_S)
    assert house.stores.leases.hold("retention", "another server", 60)
    house.retention.keep()
    assert house.has_picture
    house.clock.advance(61)
    house.retention.keep()
    assert not house.has_picture
