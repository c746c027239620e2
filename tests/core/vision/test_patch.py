"""A cut-out reads as the picture did."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.patch import cut_patch

PICTURE = np.ascontiguousarray(astronaut()[:, :, ::-1])
FACE = Box(170, 60, 275, 165)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(FACE, id="a face"),
        pytest.param(Box(100, 20, 340, 260), id="a large one"),
        pytest.param(Box(-30, -20, 80, 90), id="over the edge"),
        pytest.param(Box(430, 400, 530, 500), id="over the other edge"),
    ],
)
def test_the_face_itself_is_what_the_product_reads(box: Box) -> None:
    direct = crop_grey(PICTURE, box, 48).astype(float)
    kept = cut_patch(PICTURE, box).view(48, mirror=False).astype(float)
    assert np.abs(kept - direct).mean() < 5


def test_a_large_face_is_kept_small_and_the_picture_is_not_kept() -> None:
    patch = cut_patch(PICTURE, Box(100, 20, 400, 320))
    assert max(patch.image_bgr.shape) <= 170
    assert not np.shares_memory(patch.image_bgr, PICTURE)


def test_views_differ_from_each_other_as_boxes_do() -> None:
    patch = cut_patch(PICTURE, FACE)
    straight = patch.view(48, mirror=False)
    assert (patch.view(48, mirror=True) == straight[:, ::-1]).all()
    moved = Box(FACE.left + 10.5, FACE.top, FACE.right + 10.5, FACE.bottom)
    expected = crop_grey(PICTURE, moved, 48).astype(float)
    shifted = patch.view(48, shift=(0.1, 0), mirror=False)
    assert np.abs(shifted - expected).mean() < np.abs(straight - expected).mean() / 2
    closer = patch.view(48, zoom=1.2, mirror=False)
    assert np.abs(closer.astype(float) - straight).mean() > 5
