"""From examples to a head, with a network that is made up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import DatasetError
from core.teaching.examples import Example
from core.teaching.learn import learn
from core.teaching.lesson import Lesson
from core.vision.face import Box
from core.vision.patch import FacePatch


class Brightness:
    """A network whose embedding is the brightness of a face's quarters."""

    input_px = 48

    def embeddings(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(n, 4) for uint8 (n, 48, 48)."""
        assert faces_grey.shape[1:] == (48, 48)
        quarters = faces_grey.reshape(-1, 2, 24, 2, 24).mean(axis=(2, 4))
        return quarters.reshape(-1, 4).astype(np.float32)


def _example(level: int, seed: int) -> Example:
    noise = np.random.default_rng(seed).integers(-20, 20, (72, 72, 3))
    image_bgr = np.clip(level + noise, 0, 255).astype(np.uint8)
    return Example(f"{level}-{seed}", "a.jpg", FacePatch(image_bgr, Box(12, 12, 60, 60)))


def _lesson(count: int, **levels: int) -> Lesson:
    lesson = Lesson(tuple(levels))
    for label, level in levels.items():
        for seed in range(count):
            lesson.add(label, _example(level, seed))
    return lesson


def test_what_differs_is_learnt() -> None:
    learnt = learn(_lesson(6, dark=60, bright=180), Brightness())
    assert learnt.labels == ("dark", "bright")
    assert learnt.head.weights.shape == (4, 2)
    read = learnt.head.logits(Brightness().embeddings(np.full((1, 48, 48), 200, np.uint8)))
    assert read.argmax() == 1
    assert (learnt.validation.logits.argmax(axis=1) == np.repeat([0, 1], 6)).all()


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(DatasetError, match="“dark” has 4, “bright” has 4"):
        learn(_lesson(4, dark=60, bright=180), Brightness())


def test_progress_rises_to_the_end() -> None:
    told: list[float] = []
    learn(_lesson(5, dark=60, bright=180), Brightness(), told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)
