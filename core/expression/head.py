"""A last layer of its own on the embedding that a network gives."""

from __future__ import annotations

import io
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.errors import ModelError


@dataclass(frozen=True, eq=False)
class Head:
    """What turns embeddings into logits.

    Attributes:
        weights: float64 (values, labels).
        bias: float64 (labels,).
        base_labels: of the network that gives the embedding, in the order of its own logits.
    """

    weights: npt.NDArray[np.float64]
    bias: npt.NDArray[np.float64]
    base_labels: tuple[str, ...] = ()

    def logits(self, embeddings: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """(n, labels) for embeddings (n, values)."""
        logits: npt.NDArray[np.float64] = embeddings.astype(np.float64) @ self.weights + self.bias
        return logits

    def to_bytes(self) -> bytes:
        """As an npz."""
        buffer = io.BytesIO()
        np.savez(
            buffer,
            weights=self.weights,
            bias=self.bias,
            base_labels=np.array(self.base_labels),
        )
        return buffer.getvalue()


def head_from_bytes(content: bytes, model: str) -> Head:
    """A head as it was written.

    Args:
        content: an npz.
        model: its name, for the sentence.

    Raises:
        ModelError: this is no head.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            head = Head(
                arrays["weights"].astype(np.float64),
                arrays["bias"].astype(np.float64),
                tuple(str(label) for label in arrays["base_labels"]),
            )
        if head.weights.ndim != 2 or head.weights.shape[1:] != head.bias.shape:
            raise ValueError(f"weights {head.weights.shape}, bias {head.bias.shape}")
    except (ValueError, KeyError, EOFError, OSError, BadZipFile) as error:
        raise ModelError(f"The head of the model “{model}” cannot be read.", repr(error)) from error
    return head
