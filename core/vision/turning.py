"""How a camera was held, and the picture turned upright."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import av
import cv2
import numpy as np

from core.vision.frame import ImageBgr


@dataclass(frozen=True)
class Turning:
    """From the stored picture to the upright one: rows and columns change places, then flips."""

    transposed: bool = False
    flipped_x: bool = False
    flipped_y: bool = False

    @property
    def clockwise_deg(self) -> int:
        """0, 90, 180 or 270; of a mirrored picture that of the turn before it is mirrored."""
        if self.transposed:
            return 90 if self.flipped_x else 270
        return 180 if self.flipped_y else 0

    def size_px(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Width and height afterwards, of a picture of this width and height."""
        return (height_px, width_px) if self.transposed else (width_px, height_px)

    def upright(self, image_bgr: ImageBgr) -> ImageBgr:
        """The picture itself where nothing is to be done."""
        if self.transposed:
            image_bgr = np.asarray(cv2.transpose(image_bgr), np.uint8)
        if self.flipped_x or self.flipped_y:
            both = self.flipped_x and self.flipped_y
            code = -1 if both else 1 if self.flipped_x else 0
            image_bgr = np.asarray(cv2.flip(image_bgr, code), np.uint8)
        return image_bgr


def turning_of(frame: av.VideoFrame) -> Turning:
    """From the display matrix of the frame, which the container gave it.

    The matrix maps a stored pixel (p, q) to (a p + c q, b p + d q). Trap: FFmpeg's angle alone
    calls a mirrored picture one that stands on its head.
    """
    try:
        matrix = bytes(frame.side_data["DISPLAYMATRIX"])  # type: ignore[typeddict-item]
    except KeyError:
        return Turning()
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    if abs(b) > abs(a):
        return Turning(True, c < 0, b < 0)
    return Turning(False, a < 0, d < 0)
