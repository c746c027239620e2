"""From a lesson to a head, and to the figures of how well it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.expression.head import Head
from core.teaching.examples import Example
from core.teaching.lesson import Lesson
from core.teaching.validation import (
    CrossValidation,
    PictureViews,
    careful_temperature,
    chosen_head,
    cross_validate,
)
from core.vision.frame import ImageGrey
from core.vision.patch import FacePatch

# The face as it was found, first; then as another box, another moment or a mirror would show it.
_VIEWS: tuple[Callable[[FacePatch, int], ImageGrey], ...] = (
    lambda patch, side_px: patch.view(side_px, mirror=False),
    lambda patch, side_px: patch.view(side_px, shift=(0.06, -0.03), zoom=1.04, mirror=False),
    lambda patch, side_px: patch.view(side_px, shift=(-0.06, 0.03), zoom=0.94, mirror=True),
    lambda patch, side_px: patch.view(side_px, shift=(-0.03, -0.06), zoom=0.97, mirror=False),
    lambda patch, side_px: patch.view(side_px, shift=(0.03, 0.06), zoom=1.08, mirror=True),
)


class Embedder(Protocol):
    """What is needed of a network."""

    @property
    def input_px(self) -> int:
        """Side of the square grey faces that it takes."""

    def embeddings(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(n, values) for uint8 (n, side, side)."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """A head that was learnt from a lesson.

    Attributes:
        labels: in the order of the head's logits.
        head: learnt from all pictures.
        temperature: divides its logits.
        validation: what heads that were learnt in the same way read from unseen pictures.
    """

    labels: tuple[str, ...]
    head: Head
    temperature: float
    validation: CrossValidation


def learn(
    lesson: Lesson, network: Embedder, on_progress: Callable[[float], None] = lambda _: None
) -> Learnt:
    """Seconds for a few dozen pictures.

    Args:
        lesson: enough examples of each label.
        network: belongs to the calling thread.
        on_progress: told the share that is done, 0 to 1.

    Raises:
        DatasetError: there are too few examples.
        ModelError: the network gives no embedding.
    """
    if (lacking := lesson.lacking()) is not None:
        raise DatasetError(lacking)
    examples = [example for label in lesson.labels for example in lesson.of(label)]
    counts = [len(lesson.of(label)) for label in lesson.labels]
    label_index = np.repeat(np.arange(len(counts)), counts)
    pictures = _embedded(examples, network, lambda share: on_progress(share / 2))
    validation = cross_validate(
        pictures, label_index, len(counts), lambda share: on_progress(0.5 + share / 2)
    )
    head = chosen_head(pictures, label_index, len(counts))
    on_progress(1.0)
    return Learnt(lesson.labels, head, careful_temperature(validation), validation)


def _embedded(
    examples: Sequence[Example], network: Embedder, on_progress: Callable[[float], None]
) -> PictureViews:
    embedded = []
    for done, example in enumerate(examples):
        on_progress(done / len(examples))
        views = np.stack([view(example.patch, network.input_px) for view in _VIEWS])
        embedded.append(network.embeddings(views).astype(np.float64))
    return np.stack(embedded)
