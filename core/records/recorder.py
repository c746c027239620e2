"""Keeps the seconds of all cameras, from a thread of its own: no camera ever waits for the disk."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from core.errors import RecordsError
from core.faults import FaultLog
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.failures import ClashError
from core.records.second_store import SecondStore

EVERY_S = 1.0
"""Between two writes; as much is lost when the server is killed."""
MOST_WAITING = 10_000
"""Seconds in memory, about 20 MB: hours of one camera whose disk is full."""
_BATCH = 600

_log = logging.getLogger(__name__)


class Recorder:
    """Writes in batches. What cannot be written waits in memory; beyond the bound the oldest goes.

    Attributes:
        trouble: a sentence while seconds cannot be written; None when all is well.
    """

    def __init__(self, seconds: SecondStore, most_waiting: int = MOST_WAITING) -> None:
        self.trouble: str | None = None
        self._seconds = seconds
        self._most = most_waiting
        self._waiting: deque[tuple[CameraRow, Second]] = deque()
        self._lost = 0
        self._faults = FaultLog(_log)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Write from now on; what was added before, too."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Write what waits and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def add(self, camera: CameraRow, second: Second) -> None:
        """Keep it soon; returns at once, from any thread."""
        with self._lock:
            self._waiting.append((camera, second))
            self._drop_oldest()

    @property
    def waiting(self) -> int:
        """Seconds that are not written yet."""
        return len(self._waiting)

    def flush(self) -> None:
        """Write all that waits, as far as the database takes it."""
        while self._flush_batch():
            pass

    def forget(self, goes: Callable[[CameraRow, Second], bool]) -> int:
        """Those of the waiting for which it holds are not written any more; how many.

        Waits for the batch that is being written: afterwards a second is in the database, or
        waits, or is forgotten.
        """
        with self._writing, self._lock:
            before = len(self._waiting)
            self._waiting = deque(each for each in self._waiting if not goes(*each))
            return before - len(self._waiting)

    def _flush_batch(self) -> bool:
        """Whether there may be more."""
        with self._writing:
            batch = self._taken()
            if not batch:
                return False
            try:
                written = self._faults.works("The recorder", partial(self._write, batch))
            except RecordsError as error:
                self._put_back(batch)
                self._report(error)
                return False
            if not written:  # a fault of ours would come again with the same batch
                self._let_go(batch)
                return False
            self._all_well()
            return True

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            self.flush()
        self.flush()

    def _taken(self) -> list[tuple[CameraRow, Second]]:
        """The oldest ones."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]

    def _write(self, batch: list[tuple[CameraRow, Second]]) -> None:
        """Writing a batch again after a failure does no harm: what is there already stays."""
        by_camera: dict[CameraRow, list[Second]] = {}
        for camera, second in batch:
            by_camera.setdefault(camera, []).append(second)
        for camera, seconds in by_camera.items():
            try:
                self._seconds.add(camera, seconds)
            except ClashError:  # another thread erased the session, or made it, in this moment
                self._seconds.add(camera, seconds)

    def _put_back(self, batch: list[tuple[CameraRow, Second]]) -> None:
        with self._lock:
            self._waiting.extendleft(reversed(batch))
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        while len(self._waiting) > self._most:
            self._waiting.popleft()
            self._lost += 1

    def _report(self, error: RecordsError) -> None:
        if self.trouble is None:
            _log.warning("Readings cannot be recorded: %s", error.cause)
        lost = f" {self._lost} seconds of them are lost." if self._lost else ""
        self.trouble = f"{error.sentence} Readings wait in memory until it works again.{lost}"

    def _let_go(self, batch: list[tuple[CameraRow, Second]]) -> None:
        self._lost += len(batch)
        self.trouble = f"Readings could not be recorded. {self._lost} seconds of them are lost."

    def _all_well(self) -> None:
        if self.trouble is not None:
            _log.warning("Readings are recorded again; %d seconds were lost.", self._lost)
            self._lost = 0
        self.trouble = None
