"""The watch over one camera: from what it saw to what a carer is told."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from core.alerts.change import Change
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy
from core.alerts.standing import Standing
from core.clock import Clock
from core.monitoring.conditions import LOST_AFTER_S
from core.monitoring.observation import Observation
from core.monitoring.second import Second
from core.monitoring.second_meter import SecondMeter
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import CameraWorker
from core.records.camera_row import CameraRow
from core.vision.frame import ImageBgr
from core.watching.episodes import Desk, Episodes
from core.watching.picture import RecentPictures

MISSED_FROM_S = 60.0
"""A camera that ran for less was tried out: nobody relies on it yet, so nobody is told that it
stopped. Whether it saw a face does not matter: the empty chair is watched, too."""

MOST_IDS = 10
"""Of servers one after the other, whose snoozes still count."""

SILENT_AFTER_S = 1.0
"""No picture for so long: a stream that begins now may be the same camera's, come back."""

FAILED = "The watch over this camera fails; alerts may not come. Please restart Mien."

SETTLED_AFTER_S = 1.0
"""A second that ended so long ago gets no more frames: a slow analysis takes half of that."""


class SecondKeeper(Protocol):
    """Who keeps the seconds; never waits."""

    def add(self, camera: CameraRow, second: Second) -> None:
        """Keep one second of one camera's connection."""


class CameraWatch:
    """Any thread may call it.

    It outlives a connection: when the same browser sends another stream, episodes, snoozes and
    cooldowns go on.

    Args:
        name: gives the camera's name for people, which changes as others come and go.
        policy: what counts until `use`.
        desk: takes alerts.
        keeper: takes seconds; None keeps none.
        clock: when nothing comes from the camera.
        browser: names the browser that the camera belongs to; "" for unknown.
    """

    def __init__(
        self,
        name: Callable[[], str],
        policy: AlertPolicy,
        desk: Desk,
        keeper: SecondKeeper | None,
        clock: Clock,
        browser: str = "",
    ) -> None:
        self.id = uuid.uuid4().hex
        self.ids: tuple[str, ...] = (self.id,)
        self.worker: CameraWorker | None = None
        self.browser = browser
        self.since_utc = clock.now_utc()
        self.last_face_utc: datetime | None = None
        self._watch_trouble: str | None = None
        self._fault: str | None = None
        self._since_s = clock.monotonic_s()
        self._seen_s = self._since_s
        self._ended = False
        self._sessions = 0
        self._settings = AnalysisSettings()
        self._name = name
        self._policy = policy
        self._keeper = keeper
        self._clock = clock
        self._engine = AlertEngine(policy)
        self._meter = SecondMeter()
        self._pictures = RecentPictures()
        self._episodes = Episodes(self.id, name, desk, self._pictures)
        self._lock = threading.RLock()

    def was_left(self, ids: tuple[str, ...] = ()) -> None:
        """The server before this one watched it, and ended; from now on it is missed.

        Args:
            ids: under which it was watched then.
        """
        self.ids = (*ids, self.id)[-MOST_IDS:]
        self._since_s = self._seen_s - MISSED_FROM_S
        self._ended = True

    @property
    def name(self) -> str:
        return self._name()

    @property
    def has_ended(self) -> bool:
        """The stream is over, and nobody has said that it was meant."""
        return self._ended

    @property
    def is_missed(self) -> bool:
        """Whether somebody would want to know that it stopped."""
        return self._seen_s - self._since_s >= MISSED_FROM_S

    @property
    def may_be_taken_over(self) -> bool:
        """Whether no pictures come now, so that another stream may be the same camera's."""
        age_s = self.worker.state().health.frame_age_s if self.worker is not None else None
        return self._ended or (age_s is not None and age_s > SILENT_AFTER_S)

    def connect(self, worker: CameraWorker) -> None:
        """Watch this worker's camera from now on; what was open stays open."""

        def observe(observation: Observation, image_bgr: ImageBgr) -> None:
            try:
                self._observe(worker, observation, image_bgr)
            except Exception:
                self._fault = FAILED  # the worker logs it
                raise

        with self._lock:
            self._begin_session(worker.settings)
            # Trap: while a machine sleeps, monotonic time stands still on Linux. A stream ends
            # then, and the next one's seconds are dated anew.
            self._meter = SecondMeter()
            self.worker = worker
            self._ended = False
        worker.observe_with(observe)

    @property
    def trouble(self) -> str | None:
        """A sentence where the watch is not whole; None where it is."""
        return self._fault or self._watch_trouble

    @property
    def has_failed(self) -> bool:
        """Whether alerts may not come, by a fault in the program."""
        return self._fault is not None

    def lost_for_s(self) -> float | None:
        """Since the last picture that was read; None while they come, or nobody misses them."""
        silent_s = self._clock.monotonic_s() - self._seen_s
        lost = self.is_missed and (self._ended or silent_s > LOST_AFTER_S)
        return silent_s if lost else None

    def standing(self) -> tuple[Standing, ...]:
        """Of every rule and person now."""
        with self._lock:
            return self._engine.standing()

    def snapshot(self) -> bytes | None:
        """The newest picture with everybody's reading, as JPEG; None where there is none."""
        with self._lock:
            return self._pictures.now()

    def tick(self) -> None:
        """About once a second, whether or not pictures come."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._take(self._meter.flush_until(now_s - SETTLED_AFTER_S))
            lost_for_s = self.lost_for_s()
            self._act_on(self._engine.tick(now_s, self._clock.now_utc(), lost_for_s=lost_for_s))

    def use(self, policy: AlertPolicy) -> None:
        """Changed settings count from now on."""
        with self._lock:
            if policy != self._policy:
                self._policy = policy
                self._act_on(self._engine.use(policy))

    def snooze(self, rule_key: str, person: int | None, for_s: float) -> None:
        """Let a rule rest for a person; 0 wakes it."""
        with self._lock:
            self._engine.snooze(rule_key, person, self._clock.monotonic_s() + for_s)

    def undelivered(self) -> tuple[str, ...]:
        """Ids of the alerts of which no delivery is known yet."""
        with self._lock:
            return self._episodes.undelivered(
                since_s=self._clock.monotonic_s() - self._policy.deadline_s
            )

    def delivered(self, alert_id: str) -> None:
        """The cooldown counts from now on."""
        with self._lock:
            episode = self._episodes.delivered(alert_id)
            if episode is not None:
                now_s = self._clock.monotonic_s()
                self._engine.delivered(episode.person, episode.rule_key, now_s)

    def ended(self) -> None:
        """The stream is over; whether it was meant shows later."""
        self._ended = True

    def stop(self) -> None:
        """The end of the watch: somebody meant it, or the server ends."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            self.worker = None
            self._take(self._meter.flush())
            self._act_on(self._engine.stop(now_s, self._clock.now_utc()))
            self._pictures.forget()

    def _observe(self, worker: CameraWorker, observation: Observation, image_bgr: ImageBgr) -> None:
        """Take in one analysed frame, in the worker's thread."""
        with self._lock:
            # the last frames of an old connection, or after STOP, may come late
            if self.worker is not worker:
                return
            self._seen_s = observation.captured_s
            self._watch_trouble = observation.watch_trouble
            if observation.faces:
                self.last_face_utc = observation.taken_utc
            if worker.settings.model != self._settings.model:
                self._begin_session(worker.settings)
            self._pictures.take(observation, image_bgr)
            self._take(self._meter.take(observation))

    def _take(self, second: Second | None) -> None:
        if second is not None:
            self._act_on(self._engine.take(second))  # first: telling goes before keeping
            if self._keeper is not None:
                self._keeper.add(self._camera, second)
            self._fault = None

    def _begin_session(self, settings: AnalysisSettings) -> None:
        """For each connection, and for each model within it."""
        self._take(self._meter.flush())
        self._sessions += 1
        self._settings = settings

    @property
    def _camera(self) -> CameraRow:
        """Within it the tracker's ids stand for the same people, and one model reads."""
        session_id = self.id if self._sessions == 1 else f"{self.id}-{self._sessions}"
        return CameraRow(session_id, self.name, self._settings.model, self._settings.sure_from)

    def _act_on(self, changes: Iterable[Change]) -> None:
        self._episodes.act_on(changes, self._policy)
