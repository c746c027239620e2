"""How much is kept."""

from __future__ import annotations

from datetime import timedelta

from core.records.alert_store import AlertStore
from core.records.amounts import Amounts, AmountStore
from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.note_store import NoteStore
from core.records.roller import Roller
from core.records.second_store import SecondStore
from tests.support.alerts import new_alert
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second


def test_nothing_is_kept_in_a_new_database_which_has_a_size(database: Database) -> None:
    found = AmountStore(database).since(BEGIN_UTC)
    assert found.size_bytes > 10_000
    assert found == Amounts(found.size_bytes, 0, 0, 0, 0, 0)


def test_it_is_told_from_the_sums(database: Database, clock: FakeClock) -> None:
    seconds = [second(index, person(1), person(2)) for index in range(3700)]
    SecondStore(database).add(CameraRow("c", "Kitchen"), seconds)
    clock.advance(86400)
    while Roller(database, clock).roll():
        pass
    alerts = AlertStore(database, clock)
    alerts.open(new_alert(), 3600.0)
    alerts.open(new_alert(camera_id="other", picture_jpeg=None), 3600.0)
    NoteStore(database, clock).add(BEGIN_UTC, "")
    found = AmountStore(database).since(BEGIN_UTC - timedelta(hours=1))
    assert found.readings == 7400
    assert found.sums == 2 * (63 + 3)  # people, minutes and hours that it touches
    assert (found.alerts, found.pictures, found.notes) == (2, 1, 1)
    later = AmountStore(database).since(BEGIN_UTC + timedelta(hours=1))
    assert 0 < later.readings < 7400
