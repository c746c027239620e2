"""Faces by Viola and Jones's cascade."""

from __future__ import annotations

from pathlib import Path

import cv2
import cv2.data
import numpy as np

from core.errors import DetectorError
from core.vision.face import Box, Face, merge_duplicates
from core.vision.frame import ImageBgr
from core.vision.working_copy import SETTING_WIDTH_PX, reduced, working_width_px

# Measured on 200 faces in textured scenes and on a real clip, 640x480, one core: this width for
# 60 px faces, step and neighbours find as many as 320 px with 1.1 and 5, with a third fewer false
# faces, in 10 ms instead of 15; a full frame takes 26 ms with six times as many false faces.
# Histogram equalisation lost faces and time.
_SMALLEST_WINDOW_PX = 26  # The cascade's own window is 24 px.
_SCALE_STEP = 1.15
_NEIGHBOURS = 4
_NARROWEST_PX, _WIDEST_PX = 240, 800


class HaarDetector:
    """OpenCV's frontal face cascade (Viola and Jones 2001; Lienhart and Maydt 2002).

    One instance belongs to one thread: a shared cascade returns wrong faces and throws.

    Args:
        smallest_face_px: faces below it are ignored, in pixels of a 640-wide picture.

    Raises:
        DetectorError: this OpenCV has no cascades (5.0 dropped them) or no cascade file.
    """

    def __init__(self, smallest_face_px: int) -> None:
        self._cascade = _load_cascade()
        self._width_px = working_width_px(
            smallest_face_px, _SMALLEST_WINDOW_PX, _NARROWEST_PX, _WIDEST_PX
        )
        self._smallest_share = smallest_face_px / SETTING_WIDTH_PX

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first; its score is always 1."""
        small_bgr, scale = reduced(image_bgr, self._width_px)
        smallest_px = round(self._smallest_share * small_bgr.shape[1])
        found = self._cascade.detectMultiScale(
            cv2.cvtColor(small_bgr, cv2.COLOR_BGR2GRAY),
            _SCALE_STEP,
            _NEIGHBOURS,
            minSize=(smallest_px, smallest_px),
        )
        boxes = (Box(x, y, x + w, y + h) for x, y, w, h in np.asarray(found).tolist())
        return merge_duplicates(Face(box.scaled(1 / scale)) for box in boxes)


def _load_cascade() -> cv2.CascadeClassifier:
    if not hasattr(cv2, "CascadeClassifier"):
        raise DetectorError(
            "The installed OpenCV has no Haar face detector. Install opencv-python below 5.",
            f"cv2 {cv2.__version__} has no CascadeClassifier",
        )
    path = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise DetectorError(
            "The Haar face detector's file is missing. Install opencv-python again.",
            f"cannot load {path.name}",
        )
    return cascade
