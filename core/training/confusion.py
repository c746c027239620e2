"""What a run shows of itself while it goes on."""

from __future__ import annotations

import json
import sys

import keras
import numpy as np
import numpy.typing as npt

from core.expression.metrics import confusion_matrix
from core.training.checkpoints import RunFolder
from core.training.datasets import LabelledFaces

CONFUSION_FILE = "confusion.json"


class ConfusionAfterEpoch(keras.callbacks.Callback):  # type: ignore[misc]
    """Writes which label is taken for which, on validation, after each epoch.

    Args:
        folder: of the run.
        images: what the network is given: an array, or batches in the faces' order.
        faces: of the same order.
        head: the network's output that tells the faces' labels, where it has several.
    """

    def __init__(
        self,
        folder: RunFolder,
        images: npt.NDArray[np.float32] | keras.utils.PyDataset,
        faces: LabelledFaces,
        head: str | None = None,
    ) -> None:
        super().__init__()
        self._folder, self._images, self._faces, self._head = folder, images, faces, head

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        said = self.model.predict(self._images, batch_size=512, verbose=0)
        logits = np.asarray(said if self._head is None else said[self._head], np.float64)
        matrix = confusion_matrix(logits, self._faces.label_index)
        content = {"epoch": epoch, "labels": self._faces.labels, "confusion": matrix.tolist()}
        self._folder.write_text(CONFUSION_FILE, json.dumps(content, ensure_ascii=False))


def progress_style() -> int:
    """Keras's `verbose`: a moving bar for a person, a line for each epoch in a log."""
    return 1 if sys.stdout.isatty() else 2
