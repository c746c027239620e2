"""What the way of an alert costs beside the analysis that is shown anyway."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from app.composition import MODELS_ROOT
from core.alerts.alert import NewAlert
from core.alerts.change import Ending
from core.alerts.policy import AlertPolicy
from core.expression.registry import load_classifier
from core.monitoring.analyser import ALERT_MODEL
from core.monitoring.settings import AnalysisSettings
from core.monitoring.worker import MOST_ANALYSES_PER_S, CameraWorker
from core.records.database import open_database
from core.records.recorder import Recorder
from core.records.second_store import SecondStore
from core.vision.crop import crop_grey
from core.vision.threads import use_one_core_per_call
from core.watching.watch import CameraWatch
from tests.support.alert_server import face_that_looks, portrait_bgr
from tests.support.clock import FakeClock
from tests.support.observing import BOX, observation
from tests.support.watching import NoAnalyser

FRAMES_PER_S = round(MOST_ANALYSES_PER_S)
_WARM_UP = 10


def measure(seconds: int) -> dict[str, Any]:
    """Of one camera with one face at the most analyses a second, over so many simulated seconds.

    Processor time, as a share of one core: of the alert model on each face, and of everything after
    the analysis: seconds, rules, the picture that is kept, recording every second on the disk. An
    alert itself, with its picture, is not among it: it comes a few times a day at most.
    """
    use_one_core_per_call()
    model_share = _model_s() * FRAMES_PER_S
    watch_share = _watch_s(seconds) / seconds
    return {
        "cpu_share_of_alert_path_per_camera": round(model_share + watch_share, 4),
        "cpu_share_of_alert_model": round(model_share, 4),
        "cpu_share_of_watch_and_records": round(watch_share, 4),
    }


def _model_s() -> float:
    """For one face."""
    classifier = load_classifier(ALERT_MODEL, MODELS_ROOT)
    face_grey = crop_grey(portrait_bgr(), BOX, classifier.input_px)
    return median(_spent_s(lambda: classifier.classify([face_grey])) for _ in range(200))


def _watch_s(seconds: int) -> float:
    clock = FakeClock()
    with tempfile.TemporaryDirectory() as name:
        database = open_database(None, Path(name))
        recorder = Recorder(SecondStore(database))
        watch = CameraWatch(lambda: "Kitchen", AlertPolicy(), _Desk(), recorder, clock)
        watch.connect(worker := CameraWorker(NoAnalyser(), AnalysisSettings(), clock))
        observe, picture_bgr = worker._observers[0], portrait_bgr()
        calm = face_that_looks("neutral")

        def one_second() -> None:
            for _ in range(FRAMES_PER_S):
                clock.advance(1 / FRAMES_PER_S)
                seen = observation(calm, at_s=clock.monotonic_s())
                observe(seen, picture_bgr)
            watch.tick()
            recorder.flush()

        for _ in range(_WARM_UP):
            one_second()
        spent_s = sum(_spent_s(one_second) for _ in range(seconds))
        database.close()
    return spent_s


def _spent_s(call: Callable[[], object]) -> float:
    before_s = time.process_time()
    call()
    return time.process_time() - before_s


class _Desk:
    """Nobody is told here."""

    def fired(self, new: NewAlert) -> None:
        raise AssertionError

    def over(self, alert_id: str, at_utc: datetime, ending: Ending) -> None:
        raise AssertionError
