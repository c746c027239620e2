"""One detector first, and another's word on every change."""

from __future__ import annotations

from collections.abc import Iterable

from core.vision.face import Face, FaceDetector, merge_duplicates
from core.vision.frame import ImageBgr

_SAME_OVERLAP = 0.3


class RescuedDetector:
    """Looks with one detector and asks a second when the people seem to have changed.

    Haar misses some faces and sees some in patterns of cloth and wood. So the second is asked
    when the first finds nobody, when somebody of the last look is gone, and when somebody is new:
    it adds whom the first has missed, and newcomers that it does not see are dropped.

    One instance belongs to one thread and to one camera: it remembers the last look.

    Args:
        first: asked at every look.
        second: asked on a change; None where this installation has no second detector.
    """

    def __init__(self, first: FaceDetector, second: FaceDetector | None) -> None:
        self._first = first
        self._second = second
        self._last: tuple[Face, ...] = ()

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face, largest first."""
        self._last = self._look(image_bgr)
        return self._last

    def _look(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        if self._second is None:
            return self._first.detect(image_bgr)
        if not self._last:
            # Everybody would be new: without the second's word, the first is not even asked.
            confirmed = self._second.detect(image_bgr)
            return self._settled(self._first.detect(image_bgr), confirmed) if confirmed else ()
        faces = self._first.detect(image_bgr)
        if self._changed(faces):
            faces = self._settled(faces, self._second.detect(image_bgr))
        return faces

    def _changed(self, faces: tuple[Face, ...]) -> bool:
        lost = any(not _is_among(known, faces) for known in self._last)
        return not faces or lost or any(not _is_among(face, self._last) for face in faces)

    def _settled(self, faces: tuple[Face, ...], confirmed: tuple[Face, ...]) -> tuple[Face, ...]:
        kept = [face for face in faces if _is_among(face, (*self._last, *confirmed))]
        missed = (face for face in confirmed if not _is_among(face, kept))
        return merge_duplicates((*kept, *missed))


def _is_among(face: Face, others: Iterable[Face]) -> bool:
    return any(face.box.overlap(other.box) >= _SAME_OVERLAP for other in others)
