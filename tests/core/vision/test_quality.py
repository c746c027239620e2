"""Which faces are good enough to be read."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from core.vision.frame import ImageBgr
from core.vision.quality import QualityNote, assess, scene_brightness
from tests.core.vision.scenes import scene

FACE_PX = 120


def dimmed(factor: float, lift: float = 0) -> Callable[[ImageBgr], ImageBgr]:
    return lambda image_bgr: np.clip(image_bgr * factor + lift, 0, 255).astype(np.uint8)


def blurred(sigma_px: float) -> Callable[[ImageBgr], ImageBgr]:
    return lambda image_bgr: cv2.GaussianBlur(image_bgr, (0, 0), sigma_px)


@pytest.mark.parametrize(
    ("change", "notes", "readable"),
    [
        pytest.param(dimmed(1), (), True, id="good"),
        pytest.param(dimmed(0.4), (), True, id="dim, but good"),
        pytest.param(dimmed(0.15), (QualityNote.TOO_DARK,), True, id="dark"),
        pytest.param(dimmed(0.05), (QualityNote.TOO_DARK,), False, id="night"),
        pytest.param(dimmed(0.3, 180), (QualityNote.TOO_BRIGHT,), True, id="bright"),
        pytest.param(dimmed(0.05, 250), (QualityNote.TOO_BRIGHT,), False, id="glare"),
        pytest.param(blurred(1), (), True, id="a little soft"),
        pytest.param(blurred(3.5), (QualityNote.BLURRED,), True, id="soft"),
        pytest.param(blurred(10), (QualityNote.BLURRED,), False, id="a smear"),
    ],
)
def test_light_and_blur(
    change: Callable[[ImageBgr], ImageBgr], notes: tuple[QualityNote, ...], readable: bool
) -> None:
    image_bgr, box = scene(FACE_PX)
    quality = assess(change(image_bgr), box)
    assert quality.readable is readable
    # In glare the face is flat as well, which reads as blurred.
    assert quality.notes[: max(1, len(notes))] == notes


@pytest.mark.parametrize(
    ("face_px", "small", "readable"), [(60, False, True), (28, True, True), (16, True, False)]
)
def test_size(face_px: int, small: bool, readable: bool) -> None:
    quality = assess(*scene(face_px))
    assert quality.face_px == face_px
    assert ((QualityNote.TOO_SMALL in quality.notes), quality.readable) == (small, readable)


@pytest.mark.parametrize(
    ("centre_x", "cut", "readable"),
    [(60, False, True), (55, False, True), (40, True, True), (10, True, False)],
)
def test_cut_off_by_the_edge(centre_x: int, cut: bool, readable: bool) -> None:
    image_bgr, box = scene(FACE_PX, at=(centre_x, 240))
    quality = assess(image_bgr, box)
    assert ((QualityNote.CUT_OFF in quality.notes), quality.readable) == (cut, readable)


def test_what_makes_it_unreadable_comes_first() -> None:
    image_bgr, box = scene(28)
    assert assess(dimmed(0.05)(image_bgr), box).notes[0] is QualityNote.TOO_DARK


def test_dim_light_does_not_pass_for_blur() -> None:
    image_bgr, box = scene(FACE_PX)
    bright, dim = assess(image_bgr, box), assess(dimmed(0.3)(image_bgr), box)
    assert dim.sharpness == pytest.approx(bright.sharpness, rel=0.15)


@pytest.mark.parametrize("grey", [0, 20, 128, 255])
@pytest.mark.parametrize("size_px", [(1, 1), (640, 480)], ids=str)
def test_brightness_of_a_scene(grey: int, size_px: tuple[int, int]) -> None:
    image_bgr = np.full((size_px[1], size_px[0], 3), grey, np.uint8)
    assert scene_brightness(image_bgr) == pytest.approx(grey)
