"""The reduced copy of a picture that a detector looks at."""

from __future__ import annotations

import cv2

from core.vision.frame import ImageBgr

SETTING_WIDTH_PX = 640
"""Settings give the smallest face in pixels of a picture of this width."""

_TALLEST = 3.0


def working_width_px(smallest_face_px: int, face_px: int, at_least: int, at_most: int) -> int:
    """The width at which the smallest face spans `face_px`: a detector's cost grows with it."""
    wanted = SETTING_WIDTH_PX * face_px / max(1, smallest_face_px)
    return round(min(max(wanted, at_least), at_most))


def reduced(image_bgr: ImageBgr, width_px: int) -> tuple[ImageBgr, float]:
    """The picture at a fixed width, because browsers change the size in mid-stream.

    Returns:
        The copy, and the factor by which it is larger than the original. Strips that are far
        taller than wide get a smaller factor, so that no picture makes a huge copy.
    """
    height_px = image_bgr.shape[0]
    scale = min(width_px / image_bgr.shape[1], _TALLEST * width_px / height_px)
    size = (
        max(1, round(image_bgr.shape[1] * scale)),
        max(1, round(height_px * scale)),
    )
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image_bgr, size, interpolation=how).astype("uint8", copy=False), scale
