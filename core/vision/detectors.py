"""Which detectors this installation has, and how each is built."""

from __future__ import annotations

from core.vision.face import DetectorKind, FaceDetector
from core.vision.haar import HaarDetector
from core.vision.rescue import RescuedDetector
from core.vision.yunet import YuNetDetector, yunet_is_available

__all__ = ["build_detector", "yunet_is_available"]


def build_detector(kind: DetectorKind, smallest_face_px: int) -> FaceDetector:
    """A detector for one camera and one thread.

    Args:
        kind: how faces are found. Haar with rescue is Haar alone where YuNet is not installed.
        smallest_face_px: smaller faces are ignored, in pixels of a 640-wide picture.

    Raises:
        DetectorError: this installation lacks the detector asked for.
    """
    match kind:
        case DetectorKind.HAAR:
            return HaarDetector(smallest_face_px)
        case DetectorKind.YUNET:
            return YuNetDetector(smallest_face_px)
        case DetectorKind.HAAR_WITH_RESCUE:
            rescuer = YuNetDetector(smallest_face_px) if yunet_is_available() else None
            return RescuedDetector(HaarDetector(smallest_face_px), rescuer)
