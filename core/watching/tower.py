"""All watches of this server."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta

from core.alerts.policy import AlertPolicy
from core.alerts.rule import Signal
from core.clock import Clock
from core.faults import FaultLog
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.watching.episodes import Desk
from core.watching.logbook import Entry, Logbook
from core.watching.watch import CameraWatch, SecondKeeper
from core.watching.watched_camera import WatchedCamera

LOGGER = logging.getLogger(__name__)

TICK_EVERY_S = 1.0
LOG_EVERY_S = 10.0
RESTARTED_WITHIN = timedelta(minutes=10)
"""After a crash or an update the server is back within this time, and the cameras are not: nobody
sees what happens before them. A server that was away for longer was switched off on purpose."""
STUMBLES = "The watch over the cameras stumbles; alerts may not come. Please restart Mien."
MOST_LOST = 32
"""Ended cameras that are still waited for; of more, the longest gone are let go."""


class WatchTower:
    """Knows every watched camera; any thread may call it, and nothing here waits.

    A camera whose stream ended without being asked stays, as lost, until the same browser sends
    another stream, or a person says that it was meant.

    Args:
        desk: takes the alerts.
        keeper: takes the seconds; None keeps none.
        clock: paces the watches.
        place: the name of the room from the settings; "" for none.
        logbook: remembers the cameras over a restart; None for nothing of the kind.

    Attributes:
        policy: what counts now.
    """

    def __init__(
        self,
        desk: Desk,
        keeper: SecondKeeper | None,
        clock: Clock,
        place: Callable[[], str] = str,
        logbook: Logbook | None = None,
    ) -> None:
        self._desk = desk
        self._keeper = keeper
        self._clock = clock
        self._place = place
        self._logbook = logbook
        self._faults = FaultLog(LOGGER)
        self._fault: str | None = None
        self._logged: tuple[float, frozenset[str]] = (-math.inf, frozenset())
        self.policy = AlertPolicy()
        self._watches: dict[int, CameraWatch] = {}
        self._lock = threading.Lock()
        self._beginning = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch-tower", daemon=True)

    def start(self) -> None:
        """Tick from now on; what the server before watched shortly ago is missed from now on."""
        if self._logbook is not None:
            self._miss(self._logbook.read())
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """The server ends: so do all watches, and their alerts say so."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        self._log_watched()  # a server that comes back soon misses them
        for watch in self._all():
            self._drop(watch)

    def begin(self, worker: CameraWorker, browser: str = "") -> str:
        """Watch a camera that has just connected; its id. A demo is not watched: its id is ""."""
        if worker.source is Source.DEMO:
            return ""
        with self._beginning:  # two streams at once do not take over the same place
            with self._lock:
                watch = self._silent_of(browser) or self._new(browser)
            # Trap: a watch asks the tower for its name while it holds its own lock.
            watch.connect(worker)
        return watch.id

    def ended(self, worker: CameraWorker) -> None:
        """A stream is over. Whether it was meant, only `on_purpose` tells."""
        watch = next((watch for watch in self._all() if watch.worker is worker), None)
        if watch is None or watch.has_ended:
            return
        watch.ended()
        if not watch.is_missed:
            self._drop(watch)

    def on_purpose(self, camera_id: str) -> None:
        """A person has stopped this camera: its watch is over."""
        watch = self._find(camera_id)
        if watch is not None:
            self._drop(watch)

    def cameras(self) -> tuple[WatchedCamera, ...]:
        """All that are watched or waited for, by number."""
        return tuple(self._told(watch) for watch in self._all())

    def snapshot(self, camera_id: str) -> bytes | None:
        """The newest picture with everybody's reading, as JPEG; None where there is none."""
        watch = self._find(camera_id)
        return None if watch is None or watch.has_ended else watch.snapshot()

    def use(self, policy: AlertPolicy) -> None:
        """Changed settings reach all watches, and those to come."""
        self.policy = policy
        for watch in self._all():
            watch.use(policy)

    def tick(self) -> None:
        """Let every watch notice what did not happen. One that fails stops no other."""
        steps = [watch.tick for watch in self._all()]
        steps += [self._let_the_longest_gone_go, self._log_watched]
        worked = [self._faults.works("The watch tower", step) for step in steps]
        self._fault = None if all(worked) else STUMBLES

    def watches(self) -> tuple[CameraWatch, ...]:
        """For whoever follows the database."""
        return self._all()

    @property
    def trouble(self) -> str | None:
        """A sentence where a watch fails; None where all work."""
        return next((watch.trouble for watch in self._all() if watch.has_failed), self._fault)

    def _run(self) -> None:
        while not self._stopping.wait(TICK_EVERY_S):
            self.tick()

    def _told(self, watch: CameraWatch) -> WatchedCamera:
        return WatchedCamera(
            id=watch.id,
            name=watch.name,
            since_utc=watch.since_utc,
            last_face_utc=watch.last_face_utc,
            standing=watch.standing(),
            lost_for_s=watch.lost_for_s(),
            told_after_s=self._told_after_s(),
            has_ended=watch.has_ended,
            trouble=watch.trouble,
        )

    def _told_after_s(self) -> float | None:
        for rule in self.policy.watches:
            if rule.enabled and rule.signal is Signal.CAMERA_LOST:
                return rule.after_s
        return None

    def _all(self) -> tuple[CameraWatch, ...]:
        with self._lock:
            return tuple(self._watches[number] for number in sorted(self._watches))

    def _find(self, camera_id: str) -> CameraWatch | None:
        return next((watch for watch in self._all() if watch.id == camera_id), None)

    def _drop(self, watch: CameraWatch) -> None:
        with self._lock:
            numbers = [number for number, other in self._watches.items() if other is watch]
            for number in numbers:
                del self._watches[number]
        watch.stop()

    def _miss(self, entries: Iterable[Entry]) -> None:
        now_utc = self._clock.now_utc()
        for entry in entries:
            if now_utc - entry.seen_utc <= RESTARTED_WITHIN:
                with self._lock:
                    watch = self._new(entry.browser, entry.number)
                watch.was_left(entry.ids)

    def _log_watched(self) -> None:
        """At each change, and now and then, so that a crash leaves the time of it."""
        if self._logbook is None:
            return
        with self._lock:
            missed = {n: watch for n, watch in self._watches.items() if watch.is_missed}
        now_s, ids = self._clock.monotonic_s(), frozenset(watch.id for watch in missed.values())
        logged_s, logged = self._logged
        if ids == logged and (not ids or now_s - logged_s < LOG_EVERY_S):
            return
        now_utc = self._clock.now_utc()
        self._logbook.write(
            Entry(number, watch.browser, now_utc, watch.ids) for number, watch in missed.items()
        )
        self._logged = now_s, ids

    def _silent_of(self, browser: str) -> CameraWatch | None:
        """This browser's camera that sends nothing now: the stream that begins is taken for it."""
        for _, watch in sorted(self._watches.items()):
            if browser and watch.browser == browser and watch.may_be_taken_over:
                return watch
        return None

    def _new(self, browser: str, number: int | None = None) -> CameraWatch:
        number = number or self._free_number()
        watch = CameraWatch(
            lambda: self._name(number), self.policy, self._desk, self._keeper, self._clock, browser
        )
        self._watches[number] = watch
        return watch

    def _free_number(self) -> int:
        return next(number for number in range(1, 10_000) if number not in self._watches)

    def _name(self, number: int) -> str:
        place = " ".join(self._place().split()) or "Camera"
        with self._lock:
            alone = set(self._watches) <= {number} and number == 1
        return place if alone else f"{place} {number}"

    def _let_the_longest_gone_go(self) -> None:
        gone = [watch for watch in self._all() if watch.has_ended]
        gone.sort(key=lambda watch: -(watch.lost_for_s() or 0.0))
        for watch in gone[: max(0, len(gone) - MOST_LOST)]:
            self._drop(watch)
