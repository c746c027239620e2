"""Faces by Viola and Jones's cascade, on a reduced grey copy."""

from __future__ import annotations

from pathlib import Path

import cv2
import cv2.data
import numpy as np

from core.errors import DetectorError
from core.vision.face import Box, Face, merge_duplicates
from core.vision.frame import ImageBgr

WORKING_WIDTH_PX = 400
_SETTING_WIDTH_PX = 640
_WINDOW_PX = 24
_SCALE_STEP = 1.1
_NEIGHBOURS = 5


class HaarDetector:
    """OpenCV's frontal face cascade (Viola and Jones 2001; Lienhart and Maydt 2002).

    One instance belongs to one thread: a shared cascade returns wrong faces and throws.

    Args:
        smallest_face_px: faces below it are ignored, in pixels of a 640-wide picture.

    Raises:
        DetectorError: this OpenCV has no cascades (5.0 dropped them) or no cascade file.
    """

    def __init__(self, smallest_face_px: int) -> None:
        if not hasattr(cv2, "CascadeClassifier"):
            raise DetectorError(
                "The installed OpenCV has no Haar face detector. Install opencv-python below 5.",
                f"cv2 {cv2.__version__} has no CascadeClassifier",
            )
        path = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise DetectorError(
                "The Haar face detector's file is missing. Install opencv-python again.",
                f"cannot load {path.name}",
            )
        self._smallest_face_px = smallest_face_px

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first; its score is always 1."""
        height_px, width_px = image_bgr.shape[:2]
        if min(height_px, width_px) < _WINDOW_PX:
            return ()
        scale = WORKING_WIDTH_PX / width_px
        grey = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        smallest = round(self._smallest_face_px * WORKING_WIDTH_PX / _SETTING_WIDTH_PX)
        found = self._cascade.detectMultiScale(
            cv2.equalizeHist(small), _SCALE_STEP, _NEIGHBOURS, minSize=(smallest, smallest)
        )
        return merge_duplicates(
            Face(Box(x / scale, y / scale, (x + w) / scale, (y + h) / scale))
            for x, y, w, h in np.asarray(found).tolist()
        )
