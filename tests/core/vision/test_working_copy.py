"""The copy that detectors look at."""

from __future__ import annotations

import numpy as np
import pytest

from core.vision.working_copy import reduced, working_width_px


@pytest.mark.parametrize(
    ("smallest_face_px", "width_px"),
    [(60, 277), (100, 240), (20, 800), (1, 800), (0, 800), (640, 240)],
)
def test_the_smallest_face_fills_the_window_within_limits(
    smallest_face_px: int, width_px: int
) -> None:
    assert working_width_px(smallest_face_px, 26, at_least=240, at_most=800) == width_px


@pytest.mark.parametrize(
    ("size_px", "copy_px"),
    [
        pytest.param((640, 480), (320, 240), id="camera"),
        pytest.param((320, 240), (320, 240), id="camera that lowered its picture"),
        pytest.param((160, 120), (320, 240), id="enlarged"),
        pytest.param((480, 640), (320, 427), id="upright phone"),
        pytest.param((4000, 3000), (320, 240), id="photo"),
        pytest.param((10, 9000), (1, 960), id="strip"),
        pytest.param((9000, 10), (320, 1), id="lying strip"),
    ],
)
def test_every_picture_is_looked_at_in_one_width(
    size_px: tuple[int, int], copy_px: tuple[int, int]
) -> None:
    image_bgr = np.zeros((size_px[1], size_px[0], 3), np.uint8)
    small_bgr, scale = reduced(image_bgr, 320)
    assert small_bgr.shape == (copy_px[1], copy_px[0], 3)
    assert scale * max(size_px) == pytest.approx(max(copy_px), abs=0.5)
