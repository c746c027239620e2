"""Drawing faces and their readings into a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2

from core.vision.face import Box
from core.vision.frame import ImageBgr

ColourRgb = tuple[int, int, int]


@dataclass(frozen=True)
class FaceMark:
    """What is drawn at one face.

    Attributes:
        box: in pixels of the picture.
        title: the words on the plate, for instance "1 · looks happy".
        confidence: length of the bar, 0 to 1; None for no bar.
        colour_rgb: of the box and the bar.
    """

    box: Box
    title: str
    confidence: float | None
    colour_rgb: ColourRgb


def draw_faces(image_bgr: ImageBgr, marks: Sequence[FaceMark]) -> ImageBgr:
    """A copy of the picture with every mark drawn into it."""
    copy = image_bgr.copy()
    draw_faces_onto(copy, marks)
    return copy


def draw_faces_onto(image_bgr: ImageBgr, marks: Sequence[FaceMark]) -> None:
    """Draw every mark into the picture itself, which must be writable: for live pictures."""
    for mark in marks:
        left, top, right, bottom = mark.box.xyxy_px
        red, green, blue = mark.colour_rgb
        cv2.rectangle(image_bgr, (left, top), (right, bottom), (blue, green, red), 2, cv2.LINE_AA)
        cv2.putText(
            image_bgr, mark.title, (left, top - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.6,
            (blue, green, red), 2, cv2.LINE_AA,
        )  # fmt: skip
