from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.alerts.alert import Alert, NewAlert, WhyItFired
from core.alerts.change import Ending
from core.alerts.policy import AlertPolicy
from core.alerts.rule import Severity, Signal
from core.clock import SystemClock
from core.errors import DeliveryError, RecordsError
from core.records.recipient import ChannelKind, Recipient
from core.watching import cases
from core.watching import desk as module
from core.watching.desk import AlertDesk
from core.watching.spool import Spool
from tests.support.waiting import eventually

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = Recipient(1, "Anna", ChannelKind.DRY_RUN, "1")
NEW = NewAlert(
    "a", "camera", "Kitchen", 1, "pain", "Pain", Signal.EXPRESSION, Severity.HIGH, NOW, 0.8,
    WhyItFired("Because."), b"jpeg",
)  # fmt: skip


class FakeAlerts:
    """Records what it is given, unless it is told to fail."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.open_twin: str | None = None
        self.tries = 0
        self.opened: list[NewAlert] = []
        self.closed: list[tuple[str, Ending]] = []
        self.policy: list[tuple[float, float]] = []

    def open(self, new: NewAlert, deadline_s: float, turn_after_s: float) -> Alert:
        self._may_fail()
        recorded = replace(new, id=self.open_twin) if self.open_twin else new
        if self.open_twin is None:
            self.opened.append(new)
            self.policy.append((deadline_s, turn_after_s))
        kept = {
            name: getattr(recorded, name)
            for name in NewAlert.__dataclass_fields__
            if name not in {"picture_jpeg", "maybe_told"}
        }
        return Alert(number=1, has_picture=True, **kept)

    def close(self, alert_id: str, at_utc: datetime, ending: Ending) -> Alert | None:
        self._may_fail()
        self.closed.append((alert_id, ending))
        return None

    def _may_fail(self) -> None:
        self.tries += 1
        if self.error is not None:
            raise self.error


class FakeDelivery:
    """Counts what it is asked for."""

    def __init__(self) -> None:
        self.woken = 0
        self.sent: list[tuple[str, tuple[Recipient, ...]]] = []
        self.error: Exception | None = None
        self.may_answer = threading.Event()
        self.may_answer.set()

    def wake(self) -> None:
        self.woken += 1

    def send_unrecorded(self, new: NewAlert, recipients: Sequence[Recipient]) -> object:
        self.sent.append((new.id, tuple(recipients)))
        assert self.may_answer.wait(30)
        if self.error is not None:
            raise self.error
        return ()


@pytest.fixture
def alerts() -> FakeAlerts:
    return FakeAlerts()


@pytest.fixture
def delivery() -> FakeDelivery:
    return FakeDelivery()


@pytest.fixture
def desk(
    alerts: FakeAlerts, delivery: FakeDelivery, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AlertDesk]:
    monkeypatch.setattr(module, "EMERGENCY_AFTER_S", 0.05)
    monkeypatch.setattr(module, "EMERGENCY_EVERY_S", 0.05)
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(module, "LONGEST_RETRY_S", 0.02)
    made = AlertDesk(lambda: alerts, lambda: delivery, AlertPolicy, SystemClock())
    made.recipients = (ANNA,)
    yield made
    alerts.error = None
    delivery.may_answer.set()
    made.stop()


BUSY = RecordsError("The database is busy.", "locked")


def test_an_alert_is_recorded_and_delivery_woken(
    desk: AlertDesk, alerts: FakeAlerts, delivery: FakeDelivery
) -> None:
    desk.start()
    desk.fired(NEW)
    eventually(lambda: delivery.woken == 1)
    assert alerts.opened == [NEW]
    assert alerts.policy == [(3600, 720)]
    desk.over("a", NOW, Ending.CLEARED)
    eventually(lambda: desk.waiting == 0)
    assert alerts.closed == [("a", Ending.CLEARED)]
    assert delivery.sent == []
    assert desk.trouble is None


def test_what_was_handed_over_before_the_start_is_recorded_in_order(
    desk: AlertDesk, alerts: FakeAlerts
) -> None:
    for number in range(3):
        desk.fired(replace(NEW, id=str(number)))
    desk.over("0", NOW, Ending.CLEARED)
    desk.start()
    eventually(lambda: desk.waiting == 0)
    assert [new.id for new in alerts.opened] == ["0", "1", "2"]
    assert alerts.closed == [("0", Ending.CLEARED)]


def test_a_database_that_fails_is_tried_again_until_it_works(
    desk: AlertDesk, alerts: FakeAlerts, caplog: pytest.LogCaptureFixture
) -> None:
    alerts.error = BUSY
    desk.start()
    with caplog.at_level(logging.ERROR):
        desk.fired(NEW)
        eventually(lambda: alerts.tries > 5)
    assert "busy" in str(desk.trouble)
    assert "sent all the same" in str(desk.trouble)
    assert [record.getMessage() for record in caplog.records] == [
        "Alerts cannot be recorded: locked"
    ]
    alerts.error = None
    eventually(lambda: desk.waiting == 0)
    assert alerts.opened == [NEW]
    assert desk.trouble is None


def test_an_alert_that_cannot_be_recorded_is_sent_all_the_same(
    desk: AlertDesk, alerts: FakeAlerts, delivery: FakeDelivery
) -> None:
    alerts.error = BUSY
    desk.start()
    desk.fired(NEW)
    eventually(lambda: bool(delivery.sent))
    assert delivery.sent[0] == ("a", (ANNA,))
    delivery.error = DeliveryError("No network.")
    eventually(lambda: len(delivery.sent) > 2)  # delivery knows who was told already
    alerts.error = None
    eventually(lambda: desk.waiting == 0)
    assert alerts.opened == [NEW]


def test_a_fault_of_ours_ends_neither_recording_nor_sending(
    desk: AlertDesk, alerts: FakeAlerts, delivery: FakeDelivery, caplog: pytest.LogCaptureFixture
) -> None:
    alerts.error, delivery.error = ZeroDivisionError(), ZeroDivisionError()
    desk.start()
    desk.fired(NEW)
    eventually(lambda: len(delivery.sent) > 2 and alerts.tries > 2)
    assert desk.trouble == module.STUMBLED
    assert caplog.text.count("Recording an alert stumbled") == 1
    assert caplog.text.count("Sending an unrecorded alert stumbled") == 1
    alerts.error = None
    desk.fired(replace(NEW, id="b"))
    eventually(lambda: {new.id for new in alerts.opened} == {"a", "b"})
    eventually(lambda: desk.trouble is None)


def test_one_alert_that_always_fails_holds_no_other_back_and_stays_a_trouble(
    desk: AlertDesk, alerts: FakeAlerts
) -> None:
    desk.start()
    alerts.open_twin = "before"
    desk.fired(NEW)
    eventually(lambda: desk.trouble is not None)
    desk.over("b", NOW, Ending.CLEARED)
    eventually(lambda: alerts.closed == [("b", Ending.CLEARED)])
    eventually(lambda: desk.waiting == 1)
    assert desk.trouble is not None
    alerts.open_twin = None
    eventually(lambda: desk.trouble is None)


def test_while_it_is_being_sent_it_is_not_recorded_or_it_would_go_out_twice(
    desk: AlertDesk, alerts: FakeAlerts, delivery: FakeDelivery
) -> None:
    alerts.error = BUSY
    delivery.may_answer.clear()
    desk.start()
    desk.fired(NEW)
    eventually(lambda: bool(delivery.sent))
    alerts.error = None
    desk.fired(replace(NEW, id="b"))
    eventually(lambda: [new.id for new in alerts.opened] == ["b"])
    delivery.may_answer.set()
    eventually(lambda: [new.id for new in alerts.opened] == ["b", "a"])


def test_an_end_alone_is_no_emergency(
    desk: AlertDesk, alerts: FakeAlerts, delivery: FakeDelivery
) -> None:
    alerts.error = BUSY
    desk.start()
    desk.over("a", NOW, Ending.CLEARED)
    eventually(lambda: alerts.tries > 10)
    assert delivery.sent == []


def test_a_renewed_alert_waits_until_the_one_before_is_closed(
    desk: AlertDesk, alerts: FakeAlerts
) -> None:
    alerts.open_twin = "before"
    desk.start()
    desk.fired(NEW)
    eventually(lambda: alerts.tries > 2)
    assert desk.waiting == 1
    alerts.open_twin = None
    eventually(lambda: alerts.opened == [NEW])


def test_without_a_database_or_delivery_alerts_wait(caplog: pytest.LogCaptureFixture) -> None:
    def no_database() -> FakeAlerts:
        raise RecordsError("There is no database.")

    desk = AlertDesk(no_database, lambda: None, AlertPolicy, SystemClock())
    desk.start()
    desk.fired(NEW)
    eventually(lambda: desk.trouble is not None)
    assert "they wait" in str(desk.trouble)
    with caplog.at_level(logging.ERROR):
        desk.stop(timeout_s=0.1)
    assert "1 alerts could not be recorded" in caplog.text


def test_memory_is_bounded_and_alerts_go_before_pictures(
    desk: AlertDesk, alerts: FakeAlerts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST_PICTURES", 2)
    for number in range(5):
        desk.fired(replace(NEW, id=str(number)))
    desk.start()
    eventually(lambda: len(alerts.opened) == 5)
    assert [new.picture_jpeg for new in alerts.opened] == [None, None, None, b"jpeg", b"jpeg"]


def test_stopping_records_what_is_left(desk: AlertDesk, alerts: FakeAlerts) -> None:
    desk.start()
    for number in range(50):
        desk.fired(replace(NEW, id=str(number)))
    desk.stop()
    assert len(alerts.opened) == 50


def test_stopping_sends_what_cannot_be_recorded(
    desk: AlertDesk,
    alerts: FakeAlerts,
    delivery: FakeDelivery,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "EMERGENCY_AFTER_S", 3600)
    alerts.error = BUSY
    desk.start()
    desk.fired(NEW)
    desk.stop(timeout_s=3)
    assert delivery.sent == [("a", (ANNA,))]
    assert "1 alerts could not be recorded" in caplog.text


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "not sent"])
def test_what_could_not_be_recorded_is_recorded_by_the_next_server(
    desk: AlertDesk,
    alerts: FakeAlerts,
    delivery: FakeDelivery,
    tmp_path: Path,
    is_sent: bool,
) -> None:
    spool = Spool(tmp_path)
    before = AlertDesk(
        lambda: alerts, lambda: delivery if is_sent else None, AlertPolicy, SystemClock(), spool
    )
    alerts.error = BUSY
    before.start()
    before.fired(NEW)
    before.over("a", NOW, Ending.STOPPED)
    before.stop(timeout_s=1)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600

    alerts.error = None
    after = AlertDesk(lambda: alerts, lambda: delivery, AlertPolicy, SystemClock(), spool)
    after.start()
    eventually(lambda: after.waiting == 0)
    after.stop()
    assert alerts.opened == [replace(NEW, maybe_told=is_sent)]
    assert alerts.closed == [("a", Ending.STOPPED)]
    assert list(tmp_path.iterdir()) == []


def test_what_is_forgotten_is_not_recorded_by_the_next_server_either(
    alerts: FakeAlerts, delivery: FakeDelivery, tmp_path: Path
) -> None:
    spool = Spool(tmp_path)
    before = AlertDesk(lambda: alerts, lambda: delivery, AlertPolicy, SystemClock(), spool)
    alerts.error = BUSY
    before.start()
    for alert_id in ("a", "b", "c"):
        before.fired(replace(NEW, id=alert_id))
    for alert_id in ("a", "b"):
        before.over(alert_id, NOW, Ending.CLEARED)
    eventually(lambda: {alert_id for alert_id, _ in delivery.sent} == {"a", "b", "c"})
    eventually(lambda: before.forget(lambda new: new.id != "b") == 1)
    assert before.waiting == 2
    before.stop(timeout_s=0.5)
    assert {left.alert_id for left in spool.read()} == {"b", "c"}

    after = AlertDesk(lambda: alerts, lambda: delivery, AlertPolicy, SystemClock(), spool)
    after.start()
    after.over("c", NOW, Ending.CLEARED)
    eventually(lambda: after.forget(lambda _: True) == 2)
    assert (after.waiting, after.trouble) == (0, None)
    assert spool.read() == ()
    after.stop()
    assert alerts.opened == []


def test_an_alert_that_nobody_was_told_of_is_not_forgotten(alerts: FakeAlerts) -> None:
    desk = AlertDesk(lambda: alerts, lambda: None, AlertPolicy, SystemClock())
    desk.fired(NEW)
    desk.over("a", NOW, Ending.CLEARED)
    assert desk.forget(lambda _: True) == 0
    assert desk.waiting == 1
