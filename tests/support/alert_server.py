"""A server's alerts as a process of its own, to be drilled: stopped, killed, cut off.

    python -m tests.support.alert_server DATA_DIR

From the watch to the channel everything is the product's; only what the cameras see is made up, and
no page is served. `MIEN_DATABASE_URL`, `MIEN_TELEGRAM_TOKEN` and `MIEN_TELEGRAM_API_URL` count as
they do for the product. Each line of its input is a command, a JSON list that begins with a verb of
`Drilled`; each is answered by one JSON line. It logs everything that any library says.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from app.alert_system import AlertSystem
from core.clock import Clock, SystemClock
from core.delivery import dispatcher, lane
from core.delivery.settings import settings_from
from core.errors import RecordsError
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.observation import ObservedFace
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import MOST_ANALYSES_PER_S, CameraWorker
from core.vision.frame import ImageBgr
from tests.support.clock import FakeClock
from tests.support.observing import observation, observed_face
from tests.support.watching import NoAnalyser

LONG_ENOUGH_S = 12.0
"""Of simulated time, for any rule of the presets to fire."""

_PORTRAIT = Path(__file__).parents[1] / "faces" / "pain.jpg"
_CLOCK = SystemClock()


def main() -> None:
    """Until the input ends, or SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--lease-s", type=float, default=dispatcher.LEASE_S)
    parser.add_argument("--dead-retry-s", type=float, default=lane.DEAD_RETRY_S)
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG)
    # The same code, only sooner: a drill does not wait for minutes.
    dispatcher.LEASE_S = options.lease_s
    lane.DEAD_RETRY_S = options.dead_retry_s
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    settings = settings_from(os.environ, {})
    url = os.environ.get("MIEN_DATABASE_URL")
    system = AlertSystem(url, options.data_dir, settings, _CLOCK, place=lambda: "Kitchen")
    system.start()
    try:
        _obey(Drilled(system))
    finally:
        system.stop()


def _obey(drilled: Drilled) -> None:
    verbs: Mapping[str, Callable[..., object]] = {
        "ready": drilled.ready,
        "show": drilled.show,
        "stream": drilled.stream,
        "film": drilled.film,
        "troubles": drilled.troubles,
        "processor_s": drilled.processor_s,
    }
    for line in sys.stdin:
        verb, *given = json.loads(line)
        print(json.dumps(verbs[verb](*given)), flush=True)


class Drilled:
    """What a drill may ask of the server."""

    def __init__(self, system: AlertSystem) -> None:
        self._system = system
        self._picture_bgr = portrait_bgr()

    def ready(self) -> bool:
        """The database is open, and the desk knows whom to tell without it."""
        try:
            self._system.opened()
        except RecordsError:
            return False
        return bool(self._system.desk.recipients)

    def show(self, label: str) -> None:
        """A new camera, in an instant: somebody looks like that for long enough."""
        now_s, now_utc = _CLOCK.monotonic_s(), _CLOCK.now_utc()
        clock = FakeClock(now_utc - timedelta(seconds=now_s))
        clock.advance(now_s)
        _, frame = self._new_camera(clock)
        for _ in range(round(LONG_ENOUGH_S * 5)):
            clock.advance(0.2)
            frame(face_that_looks(label))

    def stream(self, every_s: float) -> None:
        """Pain before one new camera after the other, from now on."""

        def show_on_and_on() -> None:
            while True:
                self.show("pain")
                time.sleep(every_s)

        threading.Thread(target=show_on_and_on, daemon=True).start()

    def film(self, calm_s: float, pain_s: float) -> tuple[str, float]:
        """A new camera, in real time and at the pace of a live one: calm, and then in pain. Its id,
        and when the pain begins, in seconds of this machine's monotonic clock.
        """
        camera_id, frame = self._new_camera(_CLOCK)
        pain_from_s = _CLOCK.monotonic_s() + calm_s

        def play() -> None:
            while (now_s := _CLOCK.monotonic_s()) < pain_from_s + pain_s:
                frame(face_that_looks("neutral" if now_s < pain_from_s else "pain"))
                time.sleep(1 / MOST_ANALYSES_PER_S)

        threading.Thread(target=play, daemon=True).start()
        return camera_id, pain_from_s

    def processor_s(self) -> float:
        """That this process has used, all threads together."""
        return time.process_time()

    def troubles(self) -> list[str]:
        """As /healthz tells them."""
        return list(self._system.troubles())

    def _new_camera(self, clock: Clock) -> tuple[str, Callable[[ObservedFace], None]]:
        """The id of one that has just connected, and what shows it one more frame."""
        worker = CameraWorker(NoAnalyser(), AnalysisSettings(), clock)
        camera_id = self._system.tower.begin(worker)

        def frame(face: ObservedFace) -> None:
            seen = observation(face, at_s=clock.monotonic_s())
            for observer in worker._observers:
                observer(replace(seen, taken_utc=clock.now_utc()), self._picture_bgr)

        return camera_id, frame


def face_that_looks(label: str) -> ObservedFace:
    """Like this, and sure of it; pain is what only the alert model knows."""
    pain = 0.9 if label == "pain" else 0.02
    shown = "neutral" if label == "pain" else label
    likely = Reading(FER7, tuple(0.94 if each == shown else 0.01 for each in FER7))
    face = observed_face(watched=Reading(("pain", "neutral"), (pain, 1 - pain)))
    return replace(face, raw=likely, smoothed=likely, label=shown)


def portrait_bgr() -> ImageBgr:
    """A rendered face in a picture of 640×480, which takes as long to send as a real one."""
    with Image.open(_PORTRAIT) as opened:
        rgb = np.asarray(opened.convert("RGB").resize((640, 480)))
    return np.ascontiguousarray(rgb[:, :, ::-1])


if __name__ == "__main__":
    main()
