"""Where a face is, and the port that every detector fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.vision.frame import ImageBgr

PointXy = tuple[float, float]
"""In pixels of the full picture."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the full picture; the right and bottom edges are exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width_px(self) -> float:
        return max(0.0, self.right - self.left)

    @property
    def height_px(self) -> float:
        return max(0.0, self.bottom - self.top)

    @property
    def area_px(self) -> float:
        return self.width_px * self.height_px

    @property
    def centre_xy(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def xyxy_px(self) -> tuple[int, int, int, int]:
        """Rounded corners, for drawing and slicing."""
        return round(self.left), round(self.top), round(self.right), round(self.bottom)

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area_px + other.area_px - shared)

    def scaled(self, factor: float) -> Box:
        """The same rectangle in a picture that is `factor` times as large."""
        return Box(*(edge * factor for edge in (self.left, self.top, self.right, self.bottom)))

    def mirrored(self, picture_width_px: int) -> Box:
        """The same rectangle in the picture's mirror image."""
        return Box(
            picture_width_px - self.right, self.top, picture_width_px - self.left, self.bottom
        )


@dataclass(frozen=True)
class Face:
    """One detected face.

    Attributes:
        box: around brow, cheeks and chin, about square, in pixels of the full picture.
        score: the detector's confidence, 0 to 1; detectors without one say 1.
        eyes_xy: the person's right and left eye, in pixels of the full picture, where the detector
            tells them. The right one is on the picture's left side unless the head is upside down.
    """

    box: Box
    score: float = 1.0
    eyes_xy: tuple[PointXy, PointXy] | None = None


class FaceDetector(Protocol):
    """Finds faces. One instance belongs to one thread: OpenCV's detectors keep state."""

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first."""


class DetectorKind(StrEnum):
    """How faces are found."""

    HAAR_WITH_RESCUE = "haar+yunet"
    HAAR = "haar"
    YUNET = "yunet"


def merge_duplicates(faces: Iterable[Face], overlap_from: float = 0.4) -> tuple[Face, ...]:
    """One face per person: the surest, then the largest, of those that overlap; largest first."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: (face.score, face.box.area_px), reverse=True):
        if all(face.box.overlap(other.box) < overlap_from for other in kept):
            kept.append(face)
    return tuple(sorted(kept, key=lambda face: face.box.area_px, reverse=True))
