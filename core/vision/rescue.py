"""Haar first, and a second opinion where it loses a person."""

from __future__ import annotations

from core.vision.face import Face, FaceDetector
from core.vision.frame import ImageBgr


class RescuedDetector:
    """Looks with one detector and asks another when a person seems to be gone.

    One instance belongs to one thread and to one camera: it remembers the last look.

    Args:
        first: asked at every look.
        rescuer: asked when `first` finds nobody, or somebody of the last look is missing; None
            where this installation has no second detector.
    """

    def __init__(self, first: FaceDetector, rescuer: FaceDetector | None) -> None:
        self._first = first
        self._rescuer = rescuer
        self._last: tuple[Face, ...] = ()

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first."""
        faces = self._first.detect(image_bgr)
        if self._rescuer is not None and self._somebody_is_missing(faces):
            faces = self._rescuer.detect(image_bgr) or faces
        self._last = faces
        return faces

    def _somebody_is_missing(self, faces: tuple[Face, ...]) -> bool:
        return not faces or any(
            all(known.box.overlap(face.box) == 0 for face in faces) for known in self._last
        )
