"""Watches with cameras made up for tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from core.alerts.alert import NewAlert
from core.alerts.change import Ending
from core.expression.reading import Reading
from core.monitoring.observation import Observation, ObservedFace
from core.monitoring.second import Second
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.records.camera_row import CameraRow
from core.vision.frame import Frame
from tests.support.clock import FakeClock
from tests.support.observing import observation, observed_face

PICTURE = np.full((480, 640, 3), 90, np.uint8)


class NoAnalyser:
    """Of a worker that never runs: the test hands over the observations."""

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        raise NotImplementedError


@dataclass
class FakeDesk:
    """Remembers what it was given."""

    alerts: list[NewAlert] = field(default_factory=list)
    ends: list[tuple[str, datetime, Ending]] = field(default_factory=list)

    def fired(self, new: NewAlert) -> None:
        self.alerts.append(new)

    def over(self, alert_id: str, at_utc: datetime, ending: Ending) -> None:
        self.ends.append((alert_id, at_utc, ending))

    @property
    def endings(self) -> list[Ending]:
        return [ending for _, _, ending in self.ends]


@dataclass
class FakeKeeper:
    """Remembers the seconds."""

    seconds: list[tuple[CameraRow, Second]] = field(default_factory=list)

    def add(self, camera: CameraRow, second: Second) -> None:
        self.seconds.append((camera, second))


def a_face(pain: float = 0.0, track_id: int = 1) -> ObservedFace:
    """Somebody who looks so much in pain to the alert model."""
    watched = Reading(("pain", "neutral"), (pain, 1 - pain))
    return observed_face(track_id, watched=watched)


class FakeCamera:
    """A connection whose frames come when the test says so, five a second."""

    def __init__(self, clock: FakeClock, source: Source = Source.CAMERA) -> None:
        self.clock = clock
        self.id = ""
        self.motion = 1.0
        self.watch_trouble: str | None = None
        self.worker = CameraWorker(NoAnalyser(), AnalysisSettings(), clock)
        self.worker.source = source

    def shows(self, *faces: ObservedFace, for_s: float = 1.0) -> None:
        for _ in range(round(for_s * 5)):
            self.clock.advance(0.2)
            self.worker.post(PICTURE)
            seen = observation(*faces, at_s=self.clock.monotonic_s(), motion=self.motion)
            seen = replace(seen, watch_trouble=self.watch_trouble)
            for observer in self.worker._observers:
                observer(seen, PICTURE)
