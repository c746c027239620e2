"""What one face looks like, as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """Calibrated probabilities of one face.

    Attributes:
        labels: the model's label set, in its order.
        probabilities: as many, 0 to 1, summing to 1.
    """

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]

    @property
    def top(self) -> str:
        """The likeliest label."""
        return self.labels[self.probabilities.index(self.confidence)]

    @property
    def confidence(self) -> float:
        """The likeliest label's probability."""
        return max(self.probabilities)

    def probability(self, label: str) -> float:
        """Of one label; 0 for one that this model does not know."""
        return self.probabilities[self.labels.index(label)] if label in self.labels else 0.0

    def total(self, labels: Iterable[str]) -> float:
        """Of a set of labels together."""
        return sum(self.probability(label) for label in labels)

    def is_sure(self, sure_from: float) -> bool:
        """Whether the likeliest label reaches the confidence asked for."""
        return self.confidence >= sure_from
