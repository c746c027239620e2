"""From a picture to the square grey face that is learned from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import PhotoError
from core.vision.alignment import upright_face
from core.vision.crop import crop_grey
from core.vision.detectors import build_detector, yunet_is_available
from core.vision.face import Box, DetectorKind, FaceDetector
from core.vision.frame import ImageBgr, ImageGrey

_SMALLEST_FACE_PX = 16  # Of 640. YuNet then looks at 640 px, where it tells the eyes well.


class WithoutFace(StrEnum):
    """What becomes of a picture in which no face is found."""

    SKIP = "skip"
    KEEP_WHOLE = "keep"


@dataclass(frozen=True)
class Framing:
    """How a picture becomes a face.

    Attributes:
        side_px: of the square; larger pictures are reduced to it.
        find_faces: cut out the largest face and level its eyes; else the whole picture is the face.
        without_face: what to do where none is found.
    """

    side_px: int = 48
    find_faces: bool = False
    without_face: WithoutFace = WithoutFace.SKIP


class FaceCutter:
    """Applies a framing to one picture after the other.

    Raises:
        DetectorError: faces are to be found, and this installation has no detector.
    """

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._detector = _detector() if framing.find_faces else None

    def cut(self, image_bgr: ImageBgr) -> ImageGrey:
        """The face, uint8 (side_px, side_px).

        Raises:
            PhotoError: no face is found in it, and such pictures are to be skipped.
        """
        height_px, width_px = image_bgr.shape[:2]
        box = Box(0, 0, width_px, height_px)
        if self._detector is not None:
            faces = self._detector.detect(image_bgr)
            if faces:
                image_bgr, box = upright_face(image_bgr, faces[0], self._detector)
            elif self._framing.without_face is WithoutFace.SKIP:
                raise PhotoError("holds no face that could be found.")
        return crop_grey(image_bgr, box, self._framing.side_px)


def resized(images_grey: npt.NDArray[np.uint8], side_px: int) -> npt.NDArray[np.uint8]:
    """Squares of one side, uint8 (n, side_px, side_px)."""
    if images_grey.shape[1:] == (side_px, side_px):
        return images_grey
    how = cv2.INTER_AREA if images_grey.shape[1] > side_px else cv2.INTER_LINEAR
    resized = [cv2.resize(image, (side_px, side_px), interpolation=how) for image in images_grey]
    return np.stack(resized).astype(np.uint8, copy=False)


def _detector() -> FaceDetector:
    """YuNet, which tells the eyes; Haar where it is not installed, and then nothing is levelled."""
    kind = DetectorKind.YUNET if yunet_is_available() else DetectorKind.HAAR
    return build_detector(kind, _SMALLEST_FACE_PX)
