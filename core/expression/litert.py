"""Reads expressions with LiteRT: loads in a tenth of a second and leaves TensorFlow out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.reading import Reading
from core.vision.frame import ImageGrey


class LiteRtClassifier:
    """One TFLite network on one thread. An instance belongs to one thread.

    Trap: with another number of faces an interpreter lays its memory out anew, which takes a tenth
    of the time of reading a face. While a second face comes and goes, batches would be no faster
    than single faces. So one face has an interpreter of its own, and several have another, which is
    loaded when they first come.
    """

    def __init__(self, card: ModelCard, tflite: bytes) -> None:
        """Loads a network.

        Args:
            card: describes its input and output.
            tflite: the content of the card's TFLite file.

        Raises:
            ModelError: the file is no TFLite network, or not of the card's shape.
        """
        self._card = card
        self._tflite = tflite
        try:
            self._for_one = _loaded(tflite)
            self._input = self._for_one.get_input_details()[0]
            self._outputs = self._named_outputs()
        except (ValueError, RuntimeError) as error:
            sentence = f"The model “{card.name}” cannot be loaded."
            raise ModelError(sentence, repr(error)) from error
        self._check_shapes()
        self._for_several: Interpreter | None = None
        self._several = 1

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
        return self._run("logits", faces_grey).astype(np.float64)

    def embeddings(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """What the network's last layer sees of each face: (n, values).

        Raises:
            ModelError: this network was published without it.
        """
        return self._run("embedding", faces_grey)

    def activations(self, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """How much each part of a face speaks for each label: (n, rows, columns, labels).

        Raises:
            ModelError: this network was published without it.
        """
        return self._run("activation", faces_grey)

    def _run(self, output: str, faces_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """One output for a batch; only what is asked for is copied."""
        if output not in self._outputs:
            raise ModelError(
                f"The model “{self._card.name}” does not tell what its reading rests on. "
                "Choose another model.",
                f"no output {output}",
            )
        interpreter = self._interpreter_for(len(faces_grey))
        inputs = faces_grey[..., np.newaxis].astype(np.float32)
        interpreter.set_tensor(self._input["index"], inputs)
        interpreter.invoke()
        values: npt.NDArray[np.float32] = interpreter.get_tensor(self._outputs[output]["index"])
        return values

    def _interpreter_for(self, faces: int) -> Interpreter:
        if faces == 1:
            return self._for_one
        if self._for_several is None:
            self._for_several = _loaded(self._tflite)
        if faces != self._several:
            shape = (faces, self.input_px, self.input_px, 1)
            self._for_several.resize_tensor_input(self._input["index"], shape)
            self._for_several.allocate_tensors()
            self._several = faces
        return self._for_several

    def _named_outputs(self) -> dict[str, dict[str, Any]]:
        """Details of the outputs that the card names.

        The converter changes their order, so a file with several is asked for its signature. The
        runner that tells it must not be kept: while it lives, the interpreter refuses to run.
        """
        details = self._for_one.get_output_details()
        if len(details) == 1:
            return dict(zip(self._card.outputs, details, strict=False))
        by_name = self._for_one.get_signature_runner().get_output_details()
        return {name: by_name[name] for name in self._card.outputs if name in by_name}

    def _check_shapes(self) -> None:
        labels = len(self.labels)
        expected = {"input": (1, self.input_px, self.input_px, 1), "logits": (labels,)}
        found = {"input": tuple(self._input["shape"])}
        for name in self._card.outputs:
            shape = tuple(self._outputs[name]["shape"][1:]) if name in self._outputs else ()
            found[name] = shape
            if name == "embedding":
                expected[name] = shape[-1:] or (-1,)
            elif name == "activation":
                expected[name] = (*shape[:2], labels)
        if found != expected:
            raise ModelError(
                f"The model “{self._card.name}” does not have the shape that its card describes, "
                "so it is not used.",
                f"card {expected}, file {found}",
            )


def _loaded(tflite: bytes) -> Interpreter:
    interpreter = Interpreter(model_content=tflite, num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Row-wise, safe for large values."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: npt.NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares
