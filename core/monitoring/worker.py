"""The thread that analyses one camera."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from core.clock import Clock
from core.errors import MienError
from core.monitoring.health import Health, HealthMeter
from core.monitoring.history import ReadingHistory
from core.monitoring.mailbox import Mailbox
from core.monitoring.observation import Observation
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.vision.frame import Frame, ImageBgr
from core.vision.threads import use_one_core_per_call

LOGGER = logging.getLogger(__name__)

MOST_ANALYSES_PER_S = 15.0
"""An expression takes about half a second to form; more looks a second would only take the
processor from the picture that travels back."""

REST_SHARE = 0.5
"""Of each round at least, so that a slow machine keeps time for the picture as well."""

PAUSE_AFTER_FAILURE_S = 1.0

Observer = Callable[[Observation, ImageBgr], None]
"""Takes an observation and the frame that it is of, into which nobody writes."""


class Analyser(Protocol):
    """What turns a frame into an observation, see FaceAnalyser."""

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        """Everything that can be said of one frame; raises MienError when it cannot."""


@dataclass(frozen=True)
class CameraState:
    """What is known of a camera at one moment.

    Attributes:
        observation: the newest; None before the first.
        health: figures over the last seconds.
        trouble: a sentence for the person while the analysis fails; None while it works.
        source: where the pictures come from.
    """

    observation: Observation | None
    health: Health
    trouble: str | None
    source: Source = Source.CAMERA


class CameraWorker:
    """Analyses the newest frame of one camera, over and over, in a thread of its own.

    `post`, `frame_returned` and `state` may be called from any thread and never wait for an
    analysis. What is written into `settings` counts from the next frame on. A failing analysis
    does not end the thread: the sentence is shown, each kind of failure is logged once until the
    analysis works again, and the next frame is tried. Observers are told of each observation in
    the worker's thread; one that fails is logged once per kind and stops neither the reading nor
    the other observers.
    """

    def __init__(
        self,
        analyser: Analyser,
        settings: AnalysisSettings,
        clock: Clock,
        *,
        most_analyses_per_s: float = MOST_ANALYSES_PER_S,
        pause_after_failure_s: float = PAUSE_AFTER_FAILURE_S,
    ) -> None:
        self.history = ReadingHistory()
        self.settings = settings
        self.source = Source.CAMERA
        self._clock = clock
        self._round_s = 1.0 / most_analyses_per_s
        self._pause_after_failure_s = pause_after_failure_s
        self._mailbox: Mailbox[Frame] = Mailbox()
        self._health = HealthMeter(clock)
        self._sequence = 0
        self._observation: Observation | None = None
        self._trouble: str | None = None
        self._logged: set[_Kind] = set()
        self._observers: tuple[Observer, ...] = ()
        self._logged_of_observers: set[_Kind] = set()
        self._stopping = threading.Event()
        # Only the thread holds the analyser, so that the networks' memory goes with it: a session
        # keeps its last worker for the charts, minutes after the camera is off.
        self._thread = threading.Thread(
            target=self._run, args=(analyser,), name="camera-worker", daemon=True
        )

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def observation(self) -> Observation | None:
        """The newest; None before the first."""
        return self._observation

    def observe_with(self, observer: Observer) -> None:
        """Tell it of every observation from now on."""
        self._observers = (*self._observers, observer)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; returns at once, so that an event loop may call it."""
        self._stopping.set()
        self._mailbox.close()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False if it is still busy after the timeout."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def post(self, image_bgr: ImageBgr) -> None:
        """Hand over a picture that nobody writes into any more. One thread posts."""
        self._health.frame_in()
        self._mailbox.put(Frame(image_bgr, self._clock.monotonic_s(), self._sequence))
        self._sequence += 1

    def frame_returned(self) -> None:
        """Count a picture that went back to the browser."""
        self._health.frame_out()

    def state(self) -> CameraState:
        health = self._health.read(self._mailbox.dropped)
        return CameraState(self._observation, health, self._trouble, self.source)

    def _run(self, analyser: Analyser) -> None:
        use_one_core_per_call()
        while not self._stopping.is_set():
            frame = self._mailbox.take(timeout_s=1.0)
            if frame is None:
                continue
            began_s = self._clock.monotonic_s()
            self._analyse(analyser, frame)
            spent_s = self._clock.monotonic_s() - began_s
            rest_s = spent_s * REST_SHARE / (1 - REST_SHARE)
            self._stopping.wait(max(rest_s, self._round_s - spent_s))

    def _analyse(self, analyser: Analyser, frame: Frame) -> None:
        try:
            observation = analyser.analyse(frame, self.settings)
        except MienError as error:
            self._trouble = error.sentence
            self._fail(error, error.cause)
        # The thread's last line of defence: a fault in a library must show on the page and in
        # the log, not end the reading silently while the picture goes on.
        except Exception as error:  # noqa: BLE001
            self._trouble = "This picture could not be analysed; the next one will be tried."
            self._fail(error, f"{type(error).__name__}: {error}")
        else:
            self._observation = observation
            self._trouble = None
            self._logged.clear()
            self.history.add(observation)
            self._health.analysed(observation.latency_s)
            for observer in self._observers:
                self._tell(observer, observation, frame.image_bgr)

    def _tell(self, observer: Observer, observation: Observation, image_bgr: ImageBgr) -> None:
        try:
            observer(observation, image_bgr)
        # Whatever goes wrong in an alert or a record, the person goes on being read.
        except Exception as error:
            kind = _kind_of(error)
            if kind not in self._logged_of_observers:
                self._logged_of_observers.add(kind)
                LOGGER.error("An observer failed", exc_info=error)

    def _fail(self, error: Exception, cause: str) -> None:
        kind = _kind_of(error)
        if kind not in self._logged:
            self._logged.add(kind)
            foreseen = isinstance(error, MienError)
            LOGGER.error("Analysis failed: %s", cause, exc_info=None if foreseen else error)
        self._stopping.wait(self._pause_after_failure_s)


_Kind = tuple[type[Exception], str, int]


def _kind_of(error: Exception) -> _Kind:
    """Its type and the file and line that raised it.

    Trap: the text of a library's error may name a size or an address that differs each time.
    """
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return type(error), frame.f_code.co_filename, line
