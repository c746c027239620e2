"""Whether a camera's picture changes at all."""

from __future__ import annotations

import cv2
import numpy as np

from core.vision.frame import ImageBgr, ImageGrey

_SIZE = (64, 48)


class MotionMeter:
    """Compares each picture of a camera with the one before. Belongs to one thread."""

    def __init__(self) -> None:
        self._before: ImageGrey | None = None

    def measure(self, image_bgr: ImageBgr) -> float | None:
        """Mean difference to the picture before, in grey levels; None for the first.

        0.0 means that both are equal, as far as 64×48 of their pixels tell.
        """
        before, self._before = self._before, _thumbnail(image_bgr)
        return None if before is None else float(cv2.absdiff(before, self._before).mean())


def _thumbnail(image_bgr: ImageBgr) -> ImageGrey:
    # Trap: averaging pixels would take the sensor's noise away, and with it what tells a room in
    # which nothing moves from a picture that is frozen.
    picked_bgr = cv2.resize(image_bgr, _SIZE, interpolation=cv2.INTER_NEAREST)
    return cv2.cvtColor(picked_bgr, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
