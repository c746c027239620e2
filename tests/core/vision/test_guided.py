from __future__ import annotations

import numpy as np
import pytest

from core.vision.detectors import build_detector
from core.vision.face import Box, DetectorKind, Face
from core.vision.frame import ImageBgr
from core.vision.guided import NEARBY_FACE_PX, GuidedDetector
from tests.core.vision.scenes import scene

ANN, BOB = Face(Box(100, 100, 200, 200)), Face(Box(400, 100, 480, 180))
EMPTY = np.zeros((480, 640, 3), np.uint8)


class Seeing:
    """Finds these faces wherever a picture shows them whole; counts how often it is asked."""

    def __init__(self, *faces: Face) -> None:
        self.faces = faces
        self.asked = 0

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        self.asked += 1
        return self.faces


class Nearby(Seeing):
    """Finds a face in the middle of each part that it is shown."""

    def detect(self, image_bgr: ImageBgr) -> tuple[Face, ...]:
        self.asked += 1
        height_px, width_px = image_bgr.shape[:2]
        side = width_px / 1.8
        left, top = (width_px - side) / 2, (height_px - side) / 2
        return (Face(Box(left, top, left + side, top + side)),)


class Blind(Seeing):
    """Finds nobody."""


def test_between_looks_everywhere_faces_are_looked_for_where_they_were() -> None:
    everywhere, nearby = Seeing(ANN, BOB), Nearby()
    detector = GuidedDetector(everywhere, nearby, every=3)
    looks = [detector.detect(EMPTY) for _ in range(7)]
    assert everywhere.asked == 3
    assert nearby.asked == 2 * 4
    for faces in looks:
        for found, known in zip(faces, (ANN, BOB), strict=True):
            assert found.box.overlap(known.box) > 0.9


def test_once_somebody_is_not_found_the_same_picture_is_looked_at_everywhere() -> None:
    everywhere = Seeing(ANN)
    detector = GuidedDetector(everywhere, Blind(), every=10)
    assert [detector.detect(EMPTY) for _ in range(4)] == [(ANN,)] * 4
    assert everywhere.asked == 4


def test_where_nobody_was_every_picture_is_looked_at_everywhere() -> None:
    everywhere, nearby = Seeing(), Nearby()
    detector = GuidedDetector(everywhere, nearby, every=10)
    for _ in range(4):
        detector.detect(EMPTY)
    assert (everywhere.asked, nearby.asked) == (4, 0)


def test_a_crowd_is_looked_at_as_a_whole() -> None:
    crowd = [Face(Box(80 * index, 10, 80 * index + 60, 70)) for index in range(7)]
    everywhere, nearby = Seeing(*crowd), Nearby()
    detector = GuidedDetector(everywhere, nearby, every=10)
    for _ in range(3):
        detector.detect(EMPTY)
    assert (everywhere.asked, nearby.asked) == (3, 0)


@pytest.mark.parametrize(
    "step_xy",
    [
        pytest.param((0, 0), id="still"),
        pytest.param((6, 2), id="walking"),
        pytest.param((60, 0), id="half a face at a time"),
        pytest.param((-10, -8), id="out of the corner"),
    ],
)
def test_real_faces_are_found_where_the_whole_look_finds_them(step_xy: tuple[int, int]) -> None:
    detector = GuidedDetector(
        build_detector(DetectorKind.HAAR, 48),
        build_detector(DetectorKind.HAAR, NEARBY_FACE_PX),
        every=4,
    )
    x, y = 150, 200
    for _ in range(6):
        image_bgr, box = scene(120, at=(x, y))
        (face,) = detector.detect(image_bgr)
        assert face.box.overlap(box) > 0.6
        x, y = x + step_xy[0], y + step_xy[1]


def test_the_size_of_the_picture_may_change_midway() -> None:
    detector = GuidedDetector(Seeing(BOB), Nearby(), every=10)
    detector.detect(EMPTY)
    assert detector.detect(np.zeros((90, 120, 3), np.uint8)) == (BOB,)
