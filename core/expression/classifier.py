"""The port that every reader of expressions fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.expression.reading import Reading
from core.vision.frame import ImageGrey


class ExpressionClassifier(Protocol):
    """Reads expressions. One instance belongs to one thread."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The label set of every reading."""

    @property
    def input_px(self) -> int:
        """Side of the square grey faces that it takes."""

    def classify(self, faces_grey: Sequence[ImageGrey]) -> tuple[Reading, ...]:
        """One reading per face, in one batched call; faces are uint8 (input_px, input_px)."""
