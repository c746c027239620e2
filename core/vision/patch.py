"""A face with some room around it, small enough to keep many."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageBgr, ImageGrey

_ROOM = 1.5
"""Side of the patch, in sides of the face: what a shifted or wider box still finds around it."""

_FACE_PX = 112


@dataclass(frozen=True, eq=False)
class FacePatch:
    """A cut-out that forgets the picture that it came from.

    Attributes:
        image_bgr: uint8 (height, width, 3).
        box: of the face in it; it reaches beyond the edge where it did so in the picture.
    """

    image_bgr: ImageBgr
    box: Box

    def view(
        self, side_px: int, *, shift: tuple[float, float] = (0, 0), zoom: float = 1, mirror: bool
    ) -> ImageGrey:
        """The face as if its box had been found a little elsewhere.

        Args:
            side_px: of the square that is returned.
            shift: right and down, in sides of the box.
            zoom: above 1 is closer.
            mirror: left and right change places.
        """
        x, y = self.box.centre_xy
        x, y = x + shift[0] * self.box.width_px, y + shift[1] * self.box.height_px
        reach = max(self.box.width_px, self.box.height_px) / 2 / zoom
        face = crop_grey(self.image_bgr, Box(x - reach, y - reach, x + reach, y + reach), side_px)
        return np.ascontiguousarray(face[:, ::-1]) if mirror else face


def cut_patch(image_bgr: ImageBgr, box: Box) -> FacePatch:
    """The face and what is near it, in a copy, made smaller where the face is large."""
    height_px, width_px = image_bgr.shape[:2]
    x, y = box.centre_xy
    reach = _ROOM * max(box.width_px, box.height_px) / 2
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    right, bottom = min(width_px, int(x + reach) + 1), min(height_px, int(y + reach) + 1)
    patch_bgr = image_bgr[top:bottom, left:right].copy()
    moved = Box(box.left - left, box.top - top, box.right - left, box.bottom - top)
    scale = min(1.0, _FACE_PX / max(box.width_px, box.height_px))
    if scale < 1:
        size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
        patch_bgr = cv2.resize(patch_bgr, size, interpolation=cv2.INTER_AREA).astype("uint8")
    return FacePatch(patch_bgr, moved.scaled(scale))
