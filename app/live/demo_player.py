"""The demo clip in the place of a camera."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.live.bridge import VideoBridge
from app.live.demo_stream import MovingPicture
from core.clock import Clock
from core.errors import VideoError
from core.vision.clip import looped_frames
from core.vision.jpeg import as_jpeg

LOGGER = logging.getLogger(__name__)

UNWATCHED_FOR_S = 3.0
"""A browser that lost its connection for a moment finds the clip going on."""


class DemoPlayer:
    """Plays a clip through a bridge, in a thread of its own, until it is ended or nobody watches.

    The thread decodes, hands each frame to the bridge as a connection would, and keeps the newest
    marked picture in `picture`.

    Args:
        path: of the clip.
        bridge: of this player alone.
        clock: paces the clip.
        is_watched: whether the browser is still there; asked at every frame, from the thread.
    """

    def __init__(
        self, path: Path, bridge: VideoBridge, clock: Clock, is_watched: Callable[[], bool]
    ) -> None:
        self.bridge = bridge
        self.picture = MovingPicture()
        self.trouble: str | None = None
        self._path = path
        self._clock = clock
        self._is_watched = is_watched
        self._watched_s = clock.monotonic_s()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-player", daemon=True)

    @property
    def is_over(self) -> bool:
        return self.picture.is_over

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Ask the thread to end; returns at once. Ending it again does nothing."""
        self._ending.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False if it is still busy after the timeout."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            for frame in looped_frames(self._path, self._clock, self._ending.wait):
                if self._is_left():
                    return
                shown_bgr = self.bridge.recv(frame).to_ndarray(format="bgr24")
                self.picture.jpeg = as_jpeg(shown_bgr.astype(np.uint8, copy=False))
        except VideoError as error:
            LOGGER.error("The demo cannot be played: %s", error.cause)
            self.trouble = error.sentence
        finally:
            self.bridge.ended()
            self.picture.is_over = True

    def _is_left(self) -> bool:
        if self._is_watched():
            self._watched_s = self._clock.monotonic_s()
        return self._clock.monotonic_s() - self._watched_s > UNWATCHED_FOR_S
