"""From a box to the square grey face that a classifier takes."""

from __future__ import annotations

import cv2

from core.vision.face import Box
from core.vision.frame import ImageBgr, ImageGrey

MARGIN = 1.0


def crop_grey(image_bgr: ImageBgr, box: Box, side_px: int) -> ImageGrey:
    """A square around the box's centre, uint8 (side_px, side_px).

    What lies beyond the picture's edges repeats the edge.
    """
    centre_x, centre_y = box.centre_xy
    reach = max(1.0, MARGIN * max(box.width_px, box.height_px) / 2)
    left, top = round(centre_x - reach), round(centre_y - reach)
    side = max(1, round(2 * reach))
    height_px, width_px = image_bgr.shape[:2]
    x0, y0 = min(max(left, 0), width_px - 1), min(max(top, 0), height_px - 1)
    x1, y1 = max(min(left + side, width_px), x0 + 1), max(min(top + side, height_px), y0 + 1)
    grey = cv2.cvtColor(image_bgr[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)
    before_y, before_x = max(0, y0 - top), max(0, x0 - left)
    square = cv2.copyMakeBorder(
        grey,
        before_y,
        max(0, side - before_y - grey.shape[0]),
        before_x,
        max(0, side - before_x - grey.shape[1]),
        cv2.BORDER_REPLICATE,
    )
    shrinking = square.shape[0] > side_px
    how = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return cv2.resize(square, (side_px, side_px), interpolation=how).astype("uint8", copy=False)
