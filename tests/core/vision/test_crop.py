"""Square grey faces."""

from __future__ import annotations

import numpy as np
import pytest

from core.vision.crop import crop_bgr, crop_grey
from core.vision.face import Box
from core.vision.frame import ImageBgr


def ramp() -> ImageBgr:
    """100×200, each column as bright as its number."""
    columns = np.arange(200, dtype=np.uint8)[None, :, None]
    return np.ascontiguousarray(np.broadcast_to(columns, (100, 200, 3)))


@pytest.mark.parametrize(
    ("box", "leftmost", "rightmost"),
    [
        pytest.param(Box(50, 20, 98, 68), 50, 97, id="inside"),
        pytest.param(Box(-24, 20, 24, 68), 0, 23, id="over the left edge"),
        pytest.param(Box(176, 20, 224, 68), 176, 199, id="over the right edge"),
        pytest.param(Box(50, -20, 98, 28), 50, 97, id="over the top"),
        pytest.param(Box(50, 80, 98, 128), 50, 97, id="over the bottom"),
        pytest.param(Box(-300, 0, -252, 48), 0, 0, id="outside to the left"),
        pytest.param(Box(500, 300, 548, 348), 199, 199, id="outside, right and below"),
        pytest.param(Box(62, 20, 86, 68), 50, 97, id="narrow: widened to a square"),
    ],
)
def test_crops_a_square_about_the_centre(box: Box, leftmost: int, rightmost: int) -> None:
    crop = crop_grey(ramp(), box, 48)
    assert (crop.shape, crop.dtype) == ((48, 48), np.uint8)
    assert (crop[24, 0], crop[24, -1]) == (leftmost, rightmost)


@pytest.mark.parametrize(
    "box",
    [Box(10, 10, 10, 10), Box(10, 10, 10.2, 10.2), Box(-1e3, -1e3, 2e3, 2e3)],
    ids=["empty", "less than a pixel", "larger than the picture"],
)
def test_any_box_gives_a_face_of_the_size_asked_for(box: Box) -> None:
    assert crop_grey(ramp(), box, 64).shape == (64, 64)


def test_shrinking_averages() -> None:
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[:, ::4] = 200
    assert np.unique(crop_grey(stripes, Box(0, 0, 128, 128), 32)).tolist() == [50]


def test_the_picture_stays_as_it_is() -> None:
    image_bgr = ramp()
    crop_grey(image_bgr, Box(50, 20, 98, 68), 48)[:] = 7
    assert np.array_equal(image_bgr, ramp())


@pytest.mark.parametrize("box", [Box(50, 20, 98, 68), Box(-24, 60, 24, 108)], ids=["in", "over"])
@pytest.mark.parametrize("side_px", [24, 48, 96])
def test_the_crop_in_colour_shows_what_was_read(box: Box, side_px: int) -> None:
    image_bgr = ramp()
    image_bgr[:, :, 2] = 0
    crop = crop_bgr(image_bgr, box, side_px)
    assert (crop.shape, crop.dtype) == ((side_px, side_px, 3), np.uint8)
    assert not crop[:, :, 2].any()
    grey = crop_grey(ramp(), box, side_px).astype(int)
    assert np.abs(crop[:, :, 0] - grey).max() <= 1
