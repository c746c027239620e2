from __future__ import annotations

import numpy as np
import pytest

from core.vision.motion import MotionMeter
from tests.support.reading import textured

PICTURE = textured(640, 480)


def noisy(seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 2, PICTURE.shape)
    return np.clip(PICTURE + noise, 0, 255).astype(np.uint8)


def test_the_first_picture_is_compared_with_nothing() -> None:
    assert MotionMeter().measure(PICTURE) is None


def test_an_equal_picture_has_no_motion() -> None:
    meter = MotionMeter()
    meter.measure(PICTURE)
    assert meter.measure(PICTURE.copy()) == 0.0


def test_an_empty_room_is_told_from_a_frozen_picture_by_its_noise() -> None:
    meter = MotionMeter()
    meter.measure(noisy(1))
    motion = meter.measure(noisy(2))
    assert motion is not None
    assert 0.5 < motion < 5


def test_it_is_measured_in_grey_levels() -> None:
    meter = MotionMeter()
    meter.measure(np.full_like(PICTURE, 100))
    assert meter.measure(np.full_like(PICTURE, 130)) == pytest.approx(30)


def test_pictures_of_another_size_can_be_compared() -> None:
    meter = MotionMeter()
    meter.measure(np.full((480, 640, 3), 100, np.uint8))
    assert meter.measure(np.full((240, 320, 3), 100, np.uint8)) == 0.0
