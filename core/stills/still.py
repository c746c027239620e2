"""From an uploaded photo to its faces, each with its reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.analysis import FaceReading, read_faces
from core.expression.classifier import ExpressionClassifier
from core.stills.search import PhotoSearch
from core.vision.face import DetectorKind, FaceDetector
from core.vision.frame import ImageBgr


@dataclass(frozen=True)
class Still:
    """What was found in one photo.

    Attributes:
        size_px: width and height of the upright picture.
        faces: row by row, left to right; a face's number is its place, counted from 1.
    """

    size_px: tuple[int, int]
    faces: tuple[FaceReading, ...]


class StillReader:
    """Reads photos, one after the other. Belongs to one thread.

    Args:
        kind: how faces are found.
        build_detector: from a kind and the smallest face, in pixels of a 640-wide picture.
        classifier: of the calling thread.
        watcher: reads the same faces for the alert; None for none.

    Raises:
        DetectorError: this installation lacks the detector asked for.
    """

    def __init__(
        self,
        kind: DetectorKind,
        build_detector: Callable[[DetectorKind, int], FaceDetector],
        classifier: ExpressionClassifier,
        watcher: ExpressionClassifier | None = None,
    ) -> None:
        self._search = PhotoSearch(kind, build_detector)
        self._classifier = classifier
        self._watcher = watcher

    def read(self, image_bgr: ImageBgr) -> Still:
        """Every face of one upright picture, uint8 (height, width, 3)."""
        boxes = [face.box for face in self._search.faces(image_bgr)]
        height_px, width_px = image_bgr.shape[:2]
        faces = read_faces(image_bgr, boxes, self._classifier, watcher=self._watcher)
        return Still((width_px, height_px), faces)
