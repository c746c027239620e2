from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import cv2
import numpy as np
import pytest

from core.errors import ModelError
from core.monitoring.hub import CameraHub
from core.monitoring.observation import Observation
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.vision.frame import Frame, ImageBgr
from tests.support.clock import FakeClock
from tests.support.observing import observation, observed_face
from tests.support.waiting import eventually

PICTURE = np.zeros((480, 640, 3), np.uint8)


class FakeAnalyser:
    """Sees one face in each frame; holds or fails when told."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.begun: list[int] = []
        self.settings: list[AnalysisSettings] = []
        self.clock = FakeClock()
        self.takes_s = 0.0

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        self.begun.append(frame.sequence)
        self.settings.append(settings)
        assert self.may_go_on.wait(30)
        self.clock.advance(self.takes_s)
        if self.error is not None:
            raise self.error
        return observation(observed_face(), sequence=frame.sequence, at_s=frame.captured_s)


@contextmanager
def running(analyser: FakeAnalyser, most_analyses_per_s: float = 1000) -> Iterator[CameraWorker]:
    worker = CameraWorker(
        analyser, AnalysisSettings(), analyser.clock, most_analyses_per_s=most_analyses_per_s,
        pause_after_failure_s=0.001,
    )  # fmt: skip
    worker.start()
    try:
        yield worker
    finally:
        analyser.may_go_on.set()
        worker.stop()
        assert worker.join(10)


def test_observers_get_each_observation_with_its_frame() -> None:
    seen: list[tuple[int, int, str]] = []
    with running(FakeAnalyser()) as worker:
        worker.observe_with(
            lambda observation, image_bgr: seen.append(
                (observation.sequence, int(image_bgr[0, 0, 0]), threading.current_thread().name)
            )
        )
        for shade in (10, 20):
            worker.post(np.full_like(PICTURE, shade))
            eventually(lambda shade=shade: bool(seen) and seen[-1][1] == shade)
    assert seen == [(0, 10, "camera-worker"), (1, 20, "camera-worker")]


def test_an_observer_that_fails_is_logged_once_and_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(seen: Observation, _: ImageBgr) -> None:
        raise ZeroDivisionError(f"frame {seen.sequence}")

    seen: list[int] = []
    with caplog.at_level(logging.ERROR), running(FakeAnalyser()) as worker:
        worker.observe_with(failing)
        worker.observe_with(lambda observation, _: seen.append(observation.sequence))
        for number in range(3):
            worker.post(PICTURE)
            eventually(lambda number=number: len(seen) == number + 1)
        assert worker.state().trouble is None
    assert [record.getMessage() for record in caplog.records] == ["An observer failed"]


def test_the_newest_observation_is_published() -> None:
    with running(FakeAnalyser()) as worker:
        worker.post(PICTURE)
        eventually(lambda: worker.observation is not None)
        assert worker.history.track_ids() == (1,)
        assert worker.state().trouble is None


def test_posting_never_waits_and_a_busy_analyser_skips_to_the_newest() -> None:
    analyser = FakeAnalyser()
    analyser.may_go_on.clear()
    with running(analyser) as worker:
        worker.post(PICTURE)
        eventually(lambda: analyser.begun == [0])
        for _ in range(100):
            worker.post(PICTURE)
        analyser.may_go_on.set()
        eventually(lambda: len(analyser.begun) == 2)
        assert analyser.begun == [0, 100]
        assert worker.state().health.dropped == 99


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(ModelError("The model is not installed.", "x"), "not installed", id="known"),
        pytest.param(ZeroDivisionError("x"), "could not be analysed", id="a library's fault"),
    ],
)
def test_a_failure_is_shown_logged_once_and_overcome(
    caplog: pytest.LogCaptureFixture, error: Exception, sentence: str
) -> None:
    analyser = FakeAnalyser()
    analyser.error = error
    with caplog.at_level(logging.ERROR), running(analyser) as worker:
        for attempt in range(1, 4):
            worker.post(PICTURE)
            eventually(lambda attempt=attempt: len(analyser.begun) >= attempt)
        eventually(lambda: worker.state().trouble is not None)
        assert sentence in str(worker.state().trouble)
        assert worker.alive

        analyser.error = None
        worker.post(PICTURE)
        eventually(lambda: worker.state().trouble is None)
    assert len(caplog.records) == 1


def test_failures_are_logged_once_per_kind_though_their_text_varies(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing(FakeAnalyser):
        """As a library does: each message names another size; now and then from elsewhere."""

        def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
            self.begun.append(frame.sequence)
            if frame.sequence == 3:
                raise ValueError("elsewhere")
            raise ValueError(f"cannot reshape an array of size {frame.sequence}")

    analyser = Failing()
    with caplog.at_level(logging.ERROR), running(analyser) as worker:
        for attempt in range(1, 6):
            worker.post(PICTURE)
            eventually(lambda attempt=attempt: len(analyser.begun) >= attempt)
    logged = [record.getMessage() for record in caplog.records]
    assert logged == [
        "Analysis failed: ValueError: cannot reshape an array of size 0",
        "Analysis failed: ValueError: elsewhere",
    ]


def test_a_failure_that_comes_back_is_logged_again(caplog: pytest.LogCaptureFixture) -> None:
    analyser = FakeAnalyser()
    gone = ModelError("The model is not installed.", "no card.json")
    with caplog.at_level(logging.ERROR), running(analyser) as worker:
        for error in (gone, None, gone):
            analyser.error = error
            worker.post(PICTURE)
            eventually(lambda error=error: (worker.state().trouble is None) is (error is None))
    assert len(caplog.records) == 2


def test_what_comes_in_is_analysed_and_goes_out_is_counted() -> None:
    with running(FakeAnalyser()) as worker:
        worker.post(PICTURE)
        worker.frame_returned()
        eventually(lambda: worker.state().health.latency_ms_median is not None)
        health = worker.state().health
    assert (health.frames_in_per_s, health.frames_out_per_s, health.analyses_per_s) == (1, 1, 1)


@pytest.mark.parametrize(
    ("most_analyses_per_s", "takes_s"),
    [
        pytest.param(0.001, 0.0, id="no more often than asked for"),
        pytest.param(1000, 600.0, id="as long as a slow analysis took"),
    ],
)
def test_the_worker_rests_between_analyses_and_ends_in_the_midst_of_it(
    most_analyses_per_s: float, takes_s: float
) -> None:
    analyser = FakeAnalyser()
    analyser.takes_s = takes_s
    with running(analyser, most_analyses_per_s) as worker:
        worker.post(PICTURE)
        eventually(lambda: worker.observation is not None)
        worker.post(PICTURE)
        time.sleep(0.1)  # a worker without rest needs a few milliseconds
        assert analyser.begun == [0]


def test_opencv_keeps_to_one_core_per_call() -> None:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(4)
    try:
        with running(FakeAnalyser()) as worker:
            worker.post(PICTURE)
            eventually(lambda: worker.observation is not None)
            assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(threads)


def test_changed_settings_count_from_the_next_frame() -> None:
    analyser = FakeAnalyser()
    with running(analyser) as worker:
        worker.settings = AnalysisSettings(model="other")
        worker.post(PICTURE)
        eventually(lambda: bool(analyser.settings))
        assert analyser.settings[-1].model == "other"


def test_stop_returns_at_once_while_an_analysis_is_under_way() -> None:
    analyser = FakeAnalyser()
    analyser.may_go_on.clear()
    with running(analyser) as worker:
        worker.post(PICTURE)
        eventually(lambda: bool(analyser.begun))
        worker.stop()
        assert worker.alive  # it did not wait
        analyser.may_go_on.set()
        assert worker.join(10)


def test_the_analyser_with_its_networks_goes_with_the_thread() -> None:
    analyser = FakeAnalyser()
    left = weakref.ref(analyser)
    worker = _worker(analyser, AnalysisSettings())
    worker.start()
    worker.stop()
    assert worker.join(10)
    del analyser
    assert left() is None


def _worker(analyser: FakeAnalyser, settings: AnalysisSettings) -> CameraWorker:
    return CameraWorker(analyser, settings, FakeClock())


def test_the_hub_ends_every_camera() -> None:
    hub = CameraHub(partial(_worker, FakeAnalyser()))
    workers = [hub.open(AnalysisSettings()) for _ in range(2)]
    workers.append(hub.open(AnalysisSettings(), Source.DEMO))
    assert len(hub) == 3
    assert [state.source for state in hub.states()] == ["camera", "camera", "demo"]
    hub.close(workers[0])
    hub.close(workers[0])
    assert len(hub) == 2
    hub.close_all(timeout_s=10)
    assert len(hub) == 0
    assert workers[0].join(10)
    assert not any(worker.alive for worker in workers)
