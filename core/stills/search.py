"""Finding faces in a photo, which may be large and full of people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from core.vision.detectors import yunet_is_available
from core.vision.face import Box, DetectorKind, Face, FaceDetector, merge_duplicates
from core.vision.frame import ImageBgr

SMALLEST_FACE_PX = 24
"""Given to the detectors, in pixels of a window 640 wide: a photo is searched once, so closely."""

WINDOW_PX = 960
OVERLAP_PX = 240
"""A face up to this size lies whole in some window; larger ones are seen in the whole picture."""

_EDGE_PX = 2


class PhotoSearch:
    """Looks for faces in photos. Belongs to one thread, as its detectors do.

    A live camera is looked at again 70 ms later and must not wait; a photo is looked at once.
    So where YuNet may be used it looks first, at the whole picture and at overlapping windows of
    a large one (detectors work on a copy a few hundred pixels wide, in which the faces of a group
    vanish), and Haar is asked when nobody was found. Haar alone looks at the whole picture only:
    in many windows it sees faces in wallpaper.

    Args:
        kind: how faces are found.
        build_detector: from a kind and the smallest face, in pixels of a 640-wide picture.

    Raises:
        DetectorError: this installation lacks the detector asked for.
    """

    def __init__(
        self, kind: DetectorKind, build_detector: Callable[[DetectorKind, int], FaceDetector]
    ) -> None:
        closely = kind is DetectorKind.YUNET or (
            kind is DetectorKind.HAAR_WITH_RESCUE and yunet_is_available()
        )
        self._close: FaceDetector | None = None
        self._whole: FaceDetector | None = None
        if closely:
            self._close = build_detector(DetectorKind.YUNET, SMALLEST_FACE_PX)
        if kind is not DetectorKind.YUNET:
            self._whole = build_detector(DetectorKind.HAAR, 2 * SMALLEST_FACE_PX)

    def faces(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, in the order of reading: row by row, left to right."""
        found: tuple[Face, ...] = ()
        if self._close is not None:
            found = _in_windows(self._close, image_bgr)
        if not found and self._whole is not None:
            found = self._whole.detect(image_bgr)
        return in_reading_order(found)


def in_reading_order(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Rows from top to bottom, each left to right, as people name each other in a group photo."""
    rows: list[list[Face]] = []
    for face in sorted(faces, key=lambda face: face.box.centre_xy[1]):
        if rows and _side_by_side(rows[-1][0].box, face.box):
            rows[-1].append(face)
        else:
            rows.append([face])
    return tuple(face for row in rows for face in sorted(row, key=lambda face: face.box.left))


def _side_by_side(upper: Box, lower: Box) -> bool:
    drop_px = lower.centre_xy[1] - upper.centre_xy[1]
    return drop_px < 0.6 * max(upper.height_px, lower.height_px)


def _in_windows(detector: FaceDetector, image_bgr: ImageBgr) -> tuple[Face, ...]:
    height_px, width_px = image_bgr.shape[:2]
    found = list(detector.detect(image_bgr))
    for left, top, right, bottom in windows(width_px, height_px):
        for face in detector.detect(image_bgr[top:bottom, left:right]):
            box = face.box
            shifted = Box(box.left + left, box.top + top, box.right + left, box.bottom + top)
            if not _cut(shifted, (left, top, right, bottom), width_px, height_px):
                found.append(Face(shifted, face.score))
    return merge_duplicates(found)


def windows(width_px: int, height_px: int) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of windows that cover a large picture; none for a small one."""
    if max(width_px, height_px) < WINDOW_PX + OVERLAP_PX:
        return
    for left, top in product(_starts(width_px), _starts(height_px)):
        yield left, top, min(left + WINDOW_PX, width_px), min(top + WINDOW_PX, height_px)


def _starts(length_px: int) -> list[int]:
    last = max(0, length_px - WINDOW_PX)
    count = 1 + math.ceil(last / (WINDOW_PX - OVERLAP_PX))
    return [round(last * index / max(1, count - 1)) for index in range(count)]


def _cut(box: Box, window: tuple[int, int, int, int], width_px: int, height_px: int) -> bool:
    """Whether the window's edge, which is not the picture's, may have cut the face."""
    left, top, right, bottom = window
    return (
        (left > 0 and box.left < left + _EDGE_PX)
        or (top > 0 and box.top < top + _EDGE_PX)
        or (right < width_px and box.right > right - _EDGE_PX)
        or (bottom < height_px and box.bottom > bottom - _EDGE_PX)
    )
