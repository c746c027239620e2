"""A model that was taught: another model's network, read by a last layer of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.head import Head
from core.expression.litert import LiteRtClassifier


class TaughtClassifier(LiteRtClassifier):
    """Reads the network's embedding with a head. An instance belongs to one thread."""

    def __init__(self, card: ModelCard, tflite: bytes, head: Head) -> None:
        """Loads the network and puts the head on it.

        Args:
            card: of the taught model, with its labels.
            tflite: the base model's network.
            head: gives the logits of the card's labels.

        Raises:
            ModelError: network, head and card do not fit together.
        """
        super().__init__(replace(card, labels=head.base_labels), tflite)
        self._card = card
        self._head = head
        values = int(self._outputs["embedding"]["shape"][-1])
        if head.weights.shape != (values, len(card.labels)):
            raise ModelError(
                f"The head of the model “{card.name}” does not fit its network or its labels, so "
                "it is not used. Teach it again.",
                f"head {head.weights.shape}, network {values}, labels {len(card.labels)}",
            )

    def logits(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """What the head says, before temperature: (n, labels) for uint8 (n, side, side)."""
        return self._head.logits(self.embeddings(faces_grey))
