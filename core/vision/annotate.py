"""Drawing faces and their readings into a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2

from core.vision.face import Box
from core.vision.frame import ImageBgr
from core.vision.plate import ColourRgb, Plate, render_plate

__all__ = ["ColourRgb", "FaceMark", "draw_faces", "draw_faces_onto"]

_FONT_SHARE = 0.034  # Of the picture's shorter side: 16 px at 640x480.
_SMALLEST_FONT_PX = 11
_CROWD, _CROWD_FONT_SHARE = 6, 0.024
_CORNER_SHARE = 0.12  # Of the face box's side.
_SHADOW_BGR = (24, 18, 14)
# What a plate costs for each pixel that it hides: words first, then other faces, then its own.
_WORDS_COST, _FACE_COST, _OWN_FACE_COST = 4.0, 1.0, 0.5

_Corner = tuple[int, int]


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
    """Draw every mark into the picture itself, for live pictures; it must be writable.

    Boxes come first and plates after them, so that no box strikes through words. Everything scales
    with the picture, so that a large photo is as legible as a live one.
    """
    height_px, width_px = image_bgr.shape[:2]
    font_px = _font_px(min(width_px, height_px), len(marks))
    for mark in marks:
        _draw_box(image_bgr, mark, max(1, round(font_px / 8)))
    taken: list[Box] = []
    for mark in marks:
        has_bar = mark.confidence is not None
        plate = render_plate(mark.title, mark.colour_rgb, font_px, width_px, has_bar=has_bar)
        if plate.height_px > height_px:
            continue  # A picture lower than a line of text shows its boxes only.
        place = _best_place(plate, mark, marks, taken, (width_px, height_px), gap_px=font_px // 3)
        left, top, right, bottom = place.xyxy_px
        plate.draw_onto(image_bgr[top:bottom, left:right], mark.confidence)
        taken.append(place)


def _font_px(shorter_side_px: int, faces: int) -> int:
    share = _CROWD_FONT_SHARE if faces > _CROWD else _FONT_SHARE
    return max(_SMALLEST_FONT_PX, round(shorter_side_px * share))


def _best_place(
    plate: Plate,
    mark: FaceMark,
    marks: Sequence[FaceMark],
    taken: Sequence[Box],
    size_px: tuple[int, int],
    gap_px: int,
) -> Box:
    """Inside the picture, where the plate hides least; the earlier candidate wins a tie."""
    candidates = _places(plate, mark.box, size_px, gap_px)
    return min(candidates, key=lambda place: _hidden(place, mark, marks, taken))


def _places(plate: Plate, box: Box, size_px: tuple[int, int], gap_px: int) -> Iterable[Box]:
    width, height = plate.width_px, plate.height_px
    left, top, right, bottom = box.xyxy_px
    columns = (left, right - width, (left + right - width) // 2)
    rows = (top - gap_px - height, bottom + gap_px, top + gap_px, bottom - gap_px - height)
    for row in rows:
        for column in columns:
            x = min(max(column, 0), size_px[0] - width)
            y = min(max(row, 0), size_px[1] - height)
            yield Box(x, y, x + width, y + height)


def _hidden(place: Box, mark: FaceMark, marks: Sequence[FaceMark], taken: Sequence[Box]) -> float:
    plates = sum(_shared_px(place, other) for other in taken)
    faces = sum(_shared_px(place, other.box) for other in marks if other is not mark)
    return _WORDS_COST * plates + _FACE_COST * faces + _OWN_FACE_COST * _shared_px(place, mark.box)


def _shared_px(a: Box, b: Box) -> float:
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return max(0.0, width) * max(0.0, height)


def _draw_box(image_bgr: ImageBgr, mark: FaceMark, stroke_px: int) -> None:
    """A rounded box in the mark's colour, over a dark one that keeps it visible on any ground."""
    red, green, blue = mark.colour_rgb
    _round_box(image_bgr, mark.box, _SHADOW_BGR, stroke_px + 2)
    _round_box(image_bgr, mark.box, (blue, green, red), stroke_px)


def _round_box(
    image_bgr: ImageBgr, box: Box, colour_bgr: tuple[int, int, int], stroke_px: int
) -> None:
    left, top, right, bottom = box.xyxy_px
    bend = round(_CORNER_SHARE * min(box.width_px, box.height_px))
    sides: tuple[tuple[_Corner, _Corner], ...] = (
        ((left + bend, top), (right - bend, top)),
        ((left + bend, bottom), (right - bend, bottom)),
        ((left, top + bend), (left, bottom - bend)),
        ((right, top + bend), (right, bottom - bend)),
    )
    for start, end in sides:
        cv2.line(image_bgr, start, end, colour_bgr, stroke_px)
    corners: tuple[tuple[_Corner, int], ...] = (
        ((left + bend, top + bend), 180),
        ((right - bend, top + bend), 270),
        ((right - bend, bottom - bend), 0),
        ((left + bend, bottom - bend), 90),
    )
    for centre, angle in corners:
        cv2.ellipse(
            image_bgr, centre, (bend, bend), angle, 0, 90, colour_bgr, stroke_px, cv2.LINE_AA
        )
