"""From a box to the square grey face that a classifier takes."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from core.vision.face import Box
from core.vision.frame import ImageBgr, ImageGrey

# FER2013 pictures, on which the classifiers learn, are a Haar box as it is: the cascade, run on 319
# of them, gives a box of 0.986 of the picture's side, centred within 1 %.
_MARGIN = 1.0


def crop_grey(image_bgr: ImageBgr, box: Box, side_px: int) -> ImageGrey:
    """A square around the box's centre, uint8 (side_px, side_px).

    What lies beyond the picture's edges repeats the edge, as the training's shifts do.
    """
    part_bgr, beyond = _part(image_bgr, box)
    part_grey = cv2.cvtColor(part_bgr, cv2.COLOR_BGR2GRAY).astype("uint8", copy=False)
    return _square(part_grey, beyond, side_px)


def crop_bgr(image_bgr: ImageBgr, box: Box, side_px: int) -> ImageBgr:
    """The same square in colour, uint8 (side_px, side_px, 3), to show what was read."""
    return _square(*_part(image_bgr, box), side_px)


def _part(image_bgr: ImageBgr, box: Box) -> tuple[ImageBgr, tuple[int, int, int, int]]:
    """What of the square lies in the picture, and how far it reaches beyond each side."""
    side = max(1, round(_MARGIN * max(box.width_px, box.height_px)))
    left, top = (round(centre - side / 2) for centre in box.centre_xy)
    height_px, width_px = image_bgr.shape[:2]
    columns, rows = _inside(left, side, width_px), _inside(top, side, height_px)
    beyond = (
        max(0, rows[0] - top),
        max(0, top + side - rows[1]),
        max(0, columns[0] - left),
        max(0, left + side - columns[1]),
    )
    return image_bgr[slice(*rows), slice(*columns)], beyond


def _square(
    part: npt.NDArray[np.uint8], beyond: tuple[int, int, int, int], side_px: int
) -> npt.NDArray[np.uint8]:
    square = cv2.copyMakeBorder(part, *beyond, cv2.BORDER_REPLICATE) if any(beyond) else part
    how = cv2.INTER_AREA if square.shape[0] > side_px else cv2.INTER_LINEAR
    return cv2.resize(square, (side_px, side_px), interpolation=how).astype("uint8", copy=False)


def _inside(start: int, length: int, limit: int) -> tuple[int, int]:
    """The part of a stretch that lies in the picture: at least one row or column at its edge."""
    first = min(max(start, 0), limit - 1)
    return first, min(max(start + length, first + 1), limit)
