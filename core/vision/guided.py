"""Looking again where the faces were, which costs a quarter of looking everywhere."""

from __future__ import annotations

from core.vision.face import Box, Face, FaceDetector, merge_duplicates
from core.vision.frame import ImageBgr
from core.vision.working_copy import SETTING_WIDTH_PX

_ROOM, _SMALLEST = 1.8, 0.75
"""Side of the part that is looked at, and the smallest face in it, in sides of the known face."""
NEARBY_FACE_PX = round(SETTING_WIDTH_PX * _SMALLEST / _ROOM)
"""Smallest face of the nearby detector, in a part that counts as a picture 640 wide."""

_SAME_OVERLAP = 0.3
_MOST = 6
"""With more faces, one look at the whole picture costs no more."""


class GuidedDetector:
    """For pictures that follow each other closely, and are all looked at.

    Between two looks everywhere, each known face is looked for around where it was. Once one is not
    found there, that picture is looked at everywhere at once: nobody is lost by it, and newcomers
    are seen at the next look everywhere.

    One instance belongs to one thread and one video: it remembers the last look.

    Args:
        everywhere: looks at whole pictures.
        nearby: looks at parts of them, for faces of at least `NEARBY_FACE_PX`.
        every: so many pictures have one look everywhere.
    """

    def __init__(self, everywhere: FaceDetector, nearby: FaceDetector, every: int) -> None:
        self._everywhere = everywhere
        self._nearby = nearby
        self._every = every
        self._left = 0
        self._last: tuple[Face, ...] = ()

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first."""
        again = self._again(image_bgr) if self._left and 0 < len(self._last) <= _MOST else None
        if again is None:
            again = self._everywhere.detect(image_bgr)
            self._left = self._every
        self._left -= 1
        self._last = again
        return again

    def _again(self, image_bgr: ImageBgr) -> tuple[Face, ...] | None:
        """All known faces, or None where one is missing."""
        found = [self._near(image_bgr, face.box) for face in self._last]
        faces = merge_duplicates(face for face in found if face is not None)
        return faces if len(faces) == len(self._last) else None

    def _near(self, image_bgr: ImageBgr, box: Box) -> Face | None:
        left, top, right, bottom = _part(image_bgr, box)
        if right - left < 1 or bottom - top < 1:
            return None
        faces = self._nearby.detect(image_bgr[top:bottom, left:right])
        moved = [Face(_moved(face.box, left, top), face.score) for face in faces]
        best = max(moved, key=lambda face: face.box.overlap(box), default=None)
        return best if best is not None and best.box.overlap(box) >= _SAME_OVERLAP else None


def _part(image_bgr: ImageBgr, box: Box) -> tuple[int, int, int, int]:
    x, y = box.centre_xy
    reach = _ROOM * max(box.width_px, box.height_px) / 2
    height_px, width_px = image_bgr.shape[:2]
    left, top, right, bottom = Box(x - reach, y - reach, x + reach, y + reach).xyxy_px
    return max(left, 0), max(top, 0), min(right, width_px), min(bottom, height_px)


def _moved(box: Box, right_px: int, down_px: int) -> Box:
    return Box(box.left + right_px, box.top + down_px, box.right + right_px, box.bottom + down_px)
