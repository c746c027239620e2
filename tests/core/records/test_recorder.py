"""The recorder: nobody waits for it, it loses nothing that it can keep, and says what it cannot."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence

import pytest

from core.errors import RecordsError
from core.monitoring.second import Second
from core.records.database import Database
from core.records.recorder import Recorder
from core.records.second_store import CameraRow, SecondStore
from tests.support.seconds import BEGIN_UTC, person, second
from tests.support.waiting import eventually

KITCHEN = CameraRow("kitchen-1", "Kitchen")
HALL = CameraRow("hall-1", "Hall")


class MovableStore:
    """A store on a disk that can fill up, or be slow."""

    def __init__(self) -> None:
        self.kept: list[tuple[CameraRow, Second]] = []
        self.calls = 0
        self.is_full = False
        self.fault: Exception | None = None
        self.is_free = threading.Event()
        self.is_free.set()

    def add(self, camera: CameraRow, seconds: Sequence[Second]) -> None:
        self.calls += 1
        self.is_free.wait()
        if self.fault is not None:
            raise self.fault
        if self.is_full:
            raise RecordsError("The disk is full.", "SQLITE_FULL")
        self.kept += [(camera, each) for each in seconds]


@pytest.fixture
def store() -> MovableStore:
    return MovableStore()


@pytest.fixture
def recorder(store: MovableStore) -> Iterator[Recorder]:
    made = Recorder(store, most_waiting=5)  # type: ignore[arg-type]
    yield made
    store.is_free.set()
    made.stop()


def test_writes_by_itself(store: MovableStore, recorder: Recorder) -> None:
    recorder.start()
    recorder.add(KITCHEN, second(0))
    eventually(lambda: store.kept == [(KITCHEN, second(0))])
    assert recorder.trouble is None


def test_writes_what_waits_before_it_ends(store: MovableStore, recorder: Recorder) -> None:
    recorder.start()
    recorder.add(KITCHEN, second(0))
    recorder.stop()
    assert store.kept == [(KITCHEN, second(0))]


def test_writes_a_batch_of_each_camera_at_once(store: MovableStore, recorder: Recorder) -> None:
    for index in range(2):
        recorder.add(KITCHEN, second(index))
        recorder.add(HALL, second(index))
    recorder.flush()
    assert store.calls == 2
    assert recorder.waiting == 0


def test_nobody_waits_for_a_slow_disk(store: MovableStore, recorder: Recorder) -> None:
    store.is_free.clear()
    recorder.add(KITCHEN, second(0))
    recorder.start()
    eventually(lambda: store.calls == 1)
    recorder.add(KITCHEN, second(1))  # would hang here
    store.is_free.set()
    eventually(lambda: store.kept == [(KITCHEN, second(0)), (KITCHEN, second(1))])


def test_keeps_in_memory_what_the_disk_does_not_take(
    store: MovableStore, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    store.is_full = True
    recorder.add(KITCHEN, second(0))
    with caplog.at_level(logging.WARNING):
        recorder.flush()
        recorder.add(KITCHEN, second(1))
        recorder.flush()
    assert recorder.trouble == ("The disk is full. Readings wait in memory until it works again.")
    assert len(caplog.records) == 1
    store.is_full = False
    recorder.flush()
    assert recorder.trouble is None
    assert store.kept == [(KITCHEN, second(0)), (KITCHEN, second(1))]


def test_lets_the_oldest_go_beyond_the_bound_and_says_so(
    store: MovableStore, recorder: Recorder
) -> None:
    store.is_full = True
    for index in range(7):
        recorder.add(KITCHEN, second(index))
    recorder.flush()
    assert recorder.trouble is not None
    assert "2 seconds of them are lost" in recorder.trouble
    store.is_full = False
    recorder.flush()
    assert store.kept == [(KITCHEN, second(index)) for index in range(2, 7)]


def test_a_fault_of_ours_loses_its_batch_says_so_and_ends_nothing(
    store: MovableStore, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = ZeroDivisionError()
    recorder.start()
    recorder.add(KITCHEN, second(0))
    eventually(lambda: "1 seconds of them are lost" in str(recorder.trouble))
    recorder.add(KITCHEN, second(1))
    eventually(lambda: "2 seconds of them are lost" in str(recorder.trouble))
    assert caplog.text.count("The recorder stumbled") == 1
    store.fault = None
    recorder.add(KITCHEN, second(2))
    eventually(lambda: store.kept == [(KITCHEN, second(2))])
    eventually(lambda: recorder.trouble is None)


def test_what_it_writes_can_be_read_back(database: Database) -> None:
    store = SecondStore(database)
    recorder = Recorder(store)
    recorder.start()
    kept = [second(index, person(1, index)) for index in range(50)]
    for each in kept:
        recorder.add(KITCHEN, each)
    recorder.stop()
    found = store.between(BEGIN_UTC, kept[-1].at_utc.replace(year=2027))
    assert [(camera, list(each)) for camera, each in found] == [(KITCHEN, kept)]
