"""Pictures and classifiers made up for tests."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.vision.frame import ImageBgr, ImageGrey
from tests.support.observing import reading


class FakeClassifier:
    """Says happy, a little less surely with each face of a call; counts the faces of each call."""

    def __init__(self, happy: float = 0.9, labels: tuple[str, ...] = FER7) -> None:
        self.happy = happy
        self.labels = labels
        self.input_px = 48
        self.calls: list[int] = []

    def classify(self, faces_grey: Sequence[ImageGrey]) -> tuple[Reading, ...]:
        self.calls.append(len(faces_grey))
        return tuple(
            reading(self.happy - 0.1 * index, self.labels) for index in range(len(faces_grey))
        )


def textured(width_px: int, height_px: int) -> ImageBgr:
    """A picture that is sharp, well lit and of good contrast everywhere; always the same."""
    rng = np.random.default_rng(7)
    return rng.integers(60, 200, (height_px, width_px, 3), dtype=np.uint8)
