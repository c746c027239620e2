"""Between the browser's video track and the worker that analyses it."""

from __future__ import annotations

import logging

import av
import numpy as np

from core.clock import Clock
from core.monitoring.conditions import LOST_AFTER_S
from core.monitoring.hub import CameraHub
from core.monitoring.observation import Observation
from core.monitoring.overlay import picture_to_show
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.vision.frame import ImageBgr
from core.watching.tower import WatchTower

LOGGER = logging.getLogger(__name__)

BRIDGE_KEY = "live-bridge"
"""In the session's state."""

OVERLAY_FOR_S = 1.0
"""A box older than this is no longer drawn: better none than one in the wrong place."""


class VideoBridge:
    """One connection of one browser, or one demo.

    For a connection, `recv` and `ended` run on Streamlit's own event loop: they neither wait nor
    touch `st.session_state`. The page reads the worker, also after the end, to keep the last
    charts.

    Args:
        hub: opens the worker at the first frame.
        settings: what the person chose.
        clock: dates frames.
        source: of the frames.
        tower: watches the camera; None for what is not watched.
        browser: names the browser to the tower.
    """

    def __init__(
        self,
        hub: CameraHub,
        settings: AnalysisSettings,
        clock: Clock,
        source: Source = Source.CAMERA,
        *,
        tower: WatchTower | None = None,
        browser: str = "",
    ) -> None:
        self.worker: CameraWorker | None = None
        self.is_over = False
        self.was_left = False
        self.sends_back = True
        self.camera_id = ""
        self._tower = tower
        self._browser = browser
        self._hub = hub
        self._settings = settings
        self._clock = clock
        self._source = source
        self._image_bgr: ImageBgr | None = None
        self._logged: set[str] = set()

    def choose(self, settings: AnalysisSettings) -> None:
        """What the person chose counts from the next frame on."""
        self._settings = settings
        if self.worker is not None:
            self.worker.settings = settings

    def recv(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Post the frame, give it back with the newest marks."""
        # Trap: an exception here freezes the picture for good, and nobody logs it. Whatever a
        # library does to one frame, the person goes on seeing themselves.
        try:
            return self._shown(frame)
        except Exception as error:  # noqa: BLE001
            self._log_once(error)
            return frame

    def ended(self) -> None:
        """The track has ended: STOP, another page, a closed tab. Called more than once."""
        # A frame may still be on its way; without the mark it would open a worker that nobody ends.
        self.is_over = True
        if self.worker is not None:
            self._hub.close(self.worker)
            if self._tower is not None:
                self._tower.ended(self.worker)

    def browser_stopped(self) -> None:
        """The browser reports that it neither plays nor connects any more.

        It reports so when somebody presses STOP, when it gives up a connection, and when the page
        is shown again after a visit to another one. Only before STOP do pictures come to the last.
        """
        if self._tower is None or not self.camera_id or self.was_left or self.worker is None:
            return
        age_s = self.worker.state().health.frame_age_s
        if age_s is not None and age_s <= LOST_AFTER_S:
            self._tower.on_purpose(self.camera_id)

    def picture(self) -> ImageBgr | None:
        """The newest frame with its marks, for a page that gets no stream; None before it."""
        return None if self._image_bgr is None else self._drawn(self._image_bgr)

    def _shown(self, frame: av.VideoFrame) -> av.VideoFrame:
        if self.is_over:
            return frame
        if self.worker is None:
            self.worker = self._hub.open(self._settings, self._source)
            if self._tower is not None:
                self.camera_id = self._tower.begin(self.worker, self._browser)
            # the direction of a stream is agreed on at its start
            self.sends_back = not self._settings.power_saving
        self._image_bgr = frame.to_ndarray(format="bgr24", threads=1).astype(np.uint8, copy=False)
        self.worker.post(self._image_bgr)
        if not self.sends_back:
            return frame
        shown = av.VideoFrame.from_ndarray(self._drawn(self._image_bgr), format="bgr24")
        shown.pts, shown.time_base = frame.pts, frame.time_base
        self.worker.frame_returned()
        return shown

    def _drawn(self, image_bgr: ImageBgr) -> ImageBgr:
        return picture_to_show(image_bgr, self._fresh(), mirror=self._settings.mirror)

    def _fresh(self) -> Observation | None:
        observation = self.worker.observation if self.worker is not None else None
        if observation is None:
            return None
        age_s = self._clock.monotonic_s() - observation.captured_s
        return observation if age_s < OVERLAY_FOR_S else None

    def _log_once(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind not in self._logged:
            self._logged.add(kind)
            LOGGER.error("A frame could not be drawn on", exc_info=error)
