"""Reads expressions with LiteRT: loads in a tenth of a second and leaves TensorFlow out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.reading import Reading
from core.vision.frame import ImageGrey


class LiteRtClassifier:
    """One TFLite network on one thread. An instance belongs to one thread."""

    def __init__(self, card: ModelCard, tflite: bytes) -> None:
        """Loads a network.

        Args:
            card: describes its input and output.
            tflite: the content of the card's TFLite file.

        Raises:
            ModelError: the file is no TFLite network, or not of the card's shape.
        """
        self._card = card
        try:
            self._interpreter = Interpreter(model_content=tflite, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            sentence = f"The model “{card.name}” cannot be loaded."
            raise ModelError(sentence, repr(error)) from error
        self._input = self._interpreter.get_input_details()[0]
        self._output = self._interpreter.get_output_details()[0]
        self._check_shapes()
        self._batch = int(self._input["shape"][0])

    @property
    def labels(self) -> tuple[str, ...]:
        return self._card.labels

    @property
    def input_px(self) -> int:
        return self._card.input_px

    def classify(self, faces_grey: Sequence[ImageGrey]) -> tuple[Reading, ...]:
        """One calibrated reading per face; faces are uint8 (input_px, input_px)."""
        if not faces_grey:
            return ()
        probabilities = softmax(self.logits(np.stack(faces_grey)) / self._card.temperature)
        return tuple(Reading(self.labels, tuple(row.tolist())) for row in probabilities)

    def logits(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """What the network says, before temperature: (n, labels) for uint8 (n, side, side)."""
        self._resize(len(faces_grey))
        inputs = faces_grey[..., np.newaxis].astype(np.float32)
        self._interpreter.set_tensor(self._input["index"], inputs)
        self._interpreter.invoke()
        logits: npt.NDArray[np.float32] = self._interpreter.get_tensor(self._output["index"])
        return logits.astype(np.float64)

    def _resize(self, faces: int) -> None:
        if faces == self._batch:
            return
        side = self.input_px
        self._interpreter.resize_tensor_input(self._input["index"], (faces, side, side, 1))
        self._interpreter.allocate_tensors()
        self._batch = faces

    def _check_shapes(self) -> None:
        expected = (self.input_px, self.input_px, 1), (len(self.labels),)
        found = tuple(self._input["shape"][1:]), tuple(self._output["shape"][1:])
        if found != expected:
            raise ModelError(
                f"The model “{self._card.name}” does not have the shape that its card describes, "
                "so it is not used.",
                f"card {expected}, file {found}",
            )


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Row-wise, safe for large values."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: npt.NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares
