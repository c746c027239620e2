from __future__ import annotations

from core.stills.still import StillReader
from core.vision.face import Box, DetectorKind, Face
from core.vision.frame import ImageBgr
from tests.support.reading import FakeClassifier, textured

LEFT, RIGHT, BELOW = Box(20, 20, 120, 120), Box(300, 30, 400, 130), Box(150, 250, 250, 350)


class FakeDetector:
    """Finds three faces, largest first or not, as detectors do."""

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        """Every face."""
        return tuple(Face(box) for box in (BELOW, RIGHT, LEFT))


def test_every_face_of_a_photo_is_read_in_its_place() -> None:
    classifier = FakeClassifier()
    reader = StillReader(DetectorKind.YUNET, lambda *_: FakeDetector(), classifier)
    still = reader.read(textured(640, 400))
    assert still.size_px == (640, 400)
    assert [face.box for face in still.faces] == [LEFT, RIGHT, BELOW]
    assert all(face.reading is not None for face in still.faces)
    assert classifier.calls == [3]
