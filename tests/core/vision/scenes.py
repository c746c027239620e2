"""Pictures with one known face. The portrait is NASA's of Eileen Collins, public domain."""

from __future__ import annotations

import cv2
import numpy as np
from skimage.data import astronaut, cell

from core.vision.face import Box
from core.vision.frame import ImageBgr

_PORTRAIT_FACE = Box(175, 65, 275, 165)
"""Brow to chin, found by eye."""


def scene(
    face_px: int, size_px: tuple[int, int] = (640, 480), at: tuple[int, int] | None = None
) -> tuple[ImageBgr, Box]:
    """The portrait's head in a plain room.

    Args:
        face_px: side of the face's box.
        size_px: width and height of the picture.
        at: centre of the face; None for the middle.
    """
    scale = face_px / _PORTRAIT_FACE.width_px
    head_bgr = cv2.resize(
        cv2.cvtColor(astronaut()[10:240, 120:330], cv2.COLOR_RGB2BGR),
        None,
        fx=scale,
        fy=scale,
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC,
    )
    x, y = at or (size_px[0] // 2, size_px[1] // 2)
    image_bgr = np.full((size_px[1], size_px[0], 3), (150, 160, 165), np.uint8)
    left = round(x - (_PORTRAIT_FACE.centre_xy[0] - 120) * scale)
    top = round(y - (_PORTRAIT_FACE.centre_xy[1] - 10) * scale)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = (
        min(left + head_bgr.shape[1], size_px[0]),
        min(top + head_bgr.shape[0], size_px[1]),
    )
    image_bgr[y0:y1, x0:x1] = head_bgr[y0 - top : y1 - top, x0 - left : x1 - left]
    return image_bgr, Box(x - face_px / 2, y - face_px / 2, x + face_px / 2, y + face_px / 2)


def cell_bgr() -> ImageBgr:
    """A cell under the microscope (Müller et al. 2018, CC0), in which Haar sees a face."""
    return np.asarray(cv2.cvtColor(cell(), cv2.COLOR_GRAY2BGR), np.uint8)
