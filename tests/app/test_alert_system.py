"""Database, desk, tower and delivery together, with real SQLite and the dry-run channel."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import alert_system as module
from app.alert_system import AlertSystem
from app.health import health_of
from core.alerts.alert import Answer
from core.alerts.policy import AlertPolicy
from core.clock import SystemClock
from core.delivery.settings import DeliverySettings
from core.errors import RecordsError
from core.monitoring.hub import CameraHub
from core.monitoring.worker import CameraWorker
from core.records.alert_filter import AlertFilter
from core.records.delivery import State
from core.records.recipient import ChannelKind
from core.records.roller import Roller
from core.timeline.span import Span
from tests.support import observing
from tests.support.clock import FakeClock
from tests.support.waiting import eventually
from tests.support.watching import FakeCamera, a_face


def no_worker(_: object) -> CameraWorker:
    raise NotImplementedError


HUB = CameraHub(no_worker)
PAIN = a_face(pain=0.9)


def system_in(folder: Path, url: str | None = None) -> AlertSystem:
    return AlertSystem(url, folder, DeliverySettings(), SystemClock(), place=lambda: "Kitchen")


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertSystem]:
    monkeypatch.setattr(module, "FOLLOW_EVERY_S", 0.05)
    # Trap: a picture of long ago would have expired.
    now = SystemClock()
    booted_utc = now.now_utc() - timedelta(seconds=now.monotonic_s())
    monkeypatch.setattr(observing, "START_UTC", booted_utc)
    made = system_in(tmp_path)
    made.start()
    yield made
    made.stop()


def a_camera(system: AlertSystem, browser: str = "") -> FakeCamera:
    """Its time runs faster than the system's: a test does not wait for pain."""
    clock = FakeClock()
    clock.advance(SystemClock().monotonic_s())
    camera = FakeCamera(clock)
    camera.id = system.tower.begin(camera.worker, browser)
    return camera


def test_pain_reaches_a_recipient(system: AlertSystem) -> None:
    opened = system.opened()
    anna = opened.stores.recipients.add("Anna", ChannelKind.DRY_RUN, "anna")
    a_camera(system).shows(PAIN, for_s=12)

    eventually(lambda: len(opened.stores.alerts.list(AlertFilter(), 10)) == 1)
    (alert,) = opened.stores.alerts.list(AlertFilter(), 10)
    assert (alert.title, alert.camera_name, alert.is_open) == ("Pain", "Kitchen", True)
    assert opened.stores.alerts.picture(alert.id) is not None

    def sent() -> bool:
        trail = opened.stores.outbox.trail(alert.id)
        return [(row.state, recipient) for row, recipient, _ in trail] == [(State.SENT, anna)]

    eventually(sent)
    (watch,) = system.tower.watches()
    eventually(lambda: watch.undelivered() == ())
    health = health_of(HUB, system)
    assert (health["status"], health["database"]) == ("ok", "open")
    assert health["delivery"]["last_sent_utc"] is not None


def test_seconds_are_kept(system: AlertSystem) -> None:
    opened = system.opened()
    a_camera(system).shows(PAIN, for_s=4)
    system.stop()
    again = system_in(system.data_dir)
    again.start()
    now_utc = SystemClock().now_utc()
    kept = again.opened().seconds.between(FakeClock().now_utc(), now_utc + timedelta(days=1))
    names = [camera.name for camera, seconds in kept if len(list(seconds)) >= 3]
    again.stop()
    assert names == ["Kitchen"]
    assert opened.recorder.trouble is None


def test_stopping_ends_open_alerts_and_the_next_server_goes_on(system: AlertSystem) -> None:
    stores = system.opened().stores
    a_camera(system).shows(PAIN, for_s=12)
    eventually(lambda: bool(stores.alerts.list(AlertFilter(), 10)))
    system.stop()
    again = system_in(system.data_dir)
    again.start()
    (alert,) = again.opened().stores.alerts.list(AlertFilter(), 10)
    again.stop()
    assert not alert.is_open


def test_saved_settings_and_snoozes_reach_the_watches(system: AlertSystem) -> None:
    stores = system.opened().stores
    stores.policy.save(AlertPolicy(rules=()))
    eventually(lambda: system.tower.policy.rules == ())
    stores.policy.save(AlertPolicy())
    eventually(lambda: system.tower.policy.rules != ())
    camera = a_camera(system)
    camera.shows(a_face(), for_s=2)
    until_utc = SystemClock().now_utc() + timedelta(hours=1)
    stores.snoozes.add(camera.id, "pain", None, until_utc, "Anna")
    (watch,) = system.tower.watches()
    eventually(lambda: "snoozed" in {str(one.phase) for one in watch.standing()})
    camera.shows(PAIN, for_s=20)
    assert stores.alerts.list(AlertFilter(), 10) == ()


def test_a_locked_database_delays_the_record_and_loses_nothing(
    system: AlertSystem, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    opened = system.opened()
    opened.stores.recipients.add("Anna", ChannelKind.DRY_RUN, "anna")
    eventually(lambda: bool(system.desk.recipients))
    lock = sqlite3.connect(system.data_dir / "mien.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    a_camera(system).shows(PAIN, for_s=12)
    eventually(lambda: "Dry run: a message" in caplog.text)
    assert system.desk.waiting == 1
    assert health_of(HUB, system)["status"] == "failing"
    lock.execute("ROLLBACK")
    lock.close()
    eventually(lambda: system.desk.waiting == 0)
    (alert,) = opened.stores.alerts.list(AlertFilter(), 10)

    def sent_once() -> bool:
        trail = opened.stores.outbox.trail(alert.id)
        return [row.state for row, _, _ in trail] == [State.SENT]

    eventually(sent_once)
    assert caplog.text.count("Dry run: a message") == 1
    _, first = opened.stores.alerts.answer(alert.id, Answer.ACKNOWLEDGED, "Anna")
    assert first
    eventually(lambda: health_of(HUB, system)["status"] == "ok")


def test_a_database_that_cannot_be_opened_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OPEN_AGAIN_S", 0.05)
    (tmp_path / "mien.db").write_text("Something else." * 100)
    system = system_in(tmp_path)
    assert health_of(HUB, system)["status"] == "starting"
    system.start()
    with pytest.raises(RecordsError, match="no database of Mien's"):
        system.opened()
    assert health_of(HUB, system)["status"] == "failing"
    a_camera(system).shows(PAIN, for_s=12)
    (tmp_path / "mien.db").unlink()
    eventually(lambda: health_of(HUB, system)["status"] == "ok")
    eventually(lambda: len(system.opened().stores.alerts.list(AlertFilter(), 10)) == 1)
    system.stop()


def test_a_system_that_was_never_started_says_so_at_once(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="not open"):
        system_in(tmp_path).opened()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_ends_neither_opening_nor_following(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "OPEN_AGAIN_S", 0.05)
    monkeypatch.setattr(module, "FOLLOW_EVERY_S", 0.05)
    system = system_in(tmp_path)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(module, "_stores_of", broken)
        system.start()
        with pytest.raises(RecordsError, match="cannot be used"):
            system.opened()
    eventually(lambda: health_of(HUB, system)["status"] == "ok")
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(system.tower, "use", broken)
        eventually(lambda: "snoozes may not count" in str(system.troubles()))
    eventually(lambda: system.troubles() == ())
    assert caplog.text.count("stumbled, and goes on") == 2
    system.stop()


def test_upkeep_that_fails_is_said_and_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FOLLOW_EVERY_S", 0.05)
    monkeypatch.setattr(module, "UPKEEP_EVERY_S", 0.05)
    may_go_on = threading.Event()

    def hang(_: Roller) -> int:
        may_go_on.wait()
        raise RecordsError("The disk is full.")

    system = system_in(tmp_path)
    with monkeypatch.context() as broken_for_now:
        broken_for_now.setattr(Roller, "roll", hang)
        system.start()
        stores = system.opened().stores
        stores.policy.save(AlertPolicy(rules=()))
        eventually(lambda: system.tower.policy.rules == ())  # while upkeep hangs
        may_go_on.set()
        eventually(lambda: system.troubles() == ("The disk is full.",))
        broken_for_now.setattr(Roller, "roll", lambda _: 1 / 0)
        eventually(lambda: "stumbles over old readings" in str(system.troubles()))
    eventually(lambda: system.troubles() == ())
    system.stop()


def test_readings_are_added_up_and_can_be_looked_back_on_and_erased(
    system: AlertSystem,
) -> None:
    records = system.opened().looking_back
    a_camera(system).shows(PAIN, for_s=4)
    eventually(lambda: bool(records.sessions.list()))
    (session,) = records.sessions.list()
    assert (session.title, session.model) == ("Kitchen", "mien7")
    assert len(records.timeline.tally(Span(session.began_utc, session.last_utc), 1)) >= 3
    records.eraser.erase_session(session.id)
    assert records.timeline.extent() is None
