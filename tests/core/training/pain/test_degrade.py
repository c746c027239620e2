"""Bad cameras change a face, never beyond what a pixel can hold."""

import numpy as np
import pytest

from core.training.pain.degrade import degraded, with_tones_of

FACE = np.random.default_rng(0).uniform(0, 255, (48, 48)).astype(np.float32)


def test_the_best_camera_changes_nothing():
    assert np.array_equal(degraded(FACE, 0, np.random.default_rng(1)), FACE)


@pytest.mark.parametrize("seed", range(12))
def test_any_camera_gives_a_face_and_the_same_one_again(seed):
    first, again = (degraded(FACE, 1, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(first, again)
    assert (first.shape, first.dtype) == ((48, 48), np.float32)
    assert 0 <= first.min() <= first.max() <= 255


def test_most_cameras_change_the_face():
    random = np.random.default_rng(2)
    changed = [not np.array_equal(degraded(FACE, 1, random), FACE) for _ in range(50)]
    assert np.mean(changed) > 0.5


def test_tones_are_taken_over_in_the_order_of_brightness():
    darker = FACE / 4
    toned = with_tones_of(FACE, darker, share=1)
    assert np.sort(toned, axis=None) == pytest.approx(np.sort(darker, axis=None))
    assert toned.argmax() == FACE.argmax()
    assert with_tones_of(FACE, darker, share=0) == pytest.approx(FACE)
