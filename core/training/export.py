"""From a trained run to the files that ship: a plain Keras network and a TFLite network."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from core.errors import ModelError
from core.training.architectures import FACE_PX, residual_network
from core.training.recipes import Recipe

HEAD = "fer7"


@dataclass(frozen=True, eq=False)
class Exported:
    """The network with all heads, the reader of one head, and the reader's TFLite bytes."""

    network: keras.Model
    reader: keras.Model
    tflite: bytes


def export(best_path: Path, recipe: Recipe) -> Exported:
    """Rebuilds the trained network in float32 from Keras's own layers, and converts it.

    Raises:
        ModelError: the run has no best weights yet, or they are of another architecture.
    """
    keras.mixed_precision.set_global_policy("float32")
    network = _with_weights(best_path, recipe)
    reader = _reader(network, recipe.mirror)
    return Exported(network, reader, _converted(reader))


def _with_weights(best_path: Path, recipe: Recipe) -> keras.Model:
    # The trained file may hold the fused layer, which must be known before it is loaded.
    import core.training.fused  # noqa: F401

    network = residual_network(recipe)
    try:
        trained = keras.models.load_model(best_path, compile=False, safe_mode=True)
        network.set_weights(trained.get_weights())
    except ValueError as error:
        sentence = f"There are no weights of the recipe “{recipe.name}” in {best_path.name} yet."
        raise ModelError(sentence, repr(error)) from error
    return network


def _reader(network: keras.Model, mirror: bool) -> keras.Model:
    """One head's logits, averaged over the face and its mirror image where the recipe says so."""
    face = keras.Input((FACE_PX, FACE_PX, 1), name="face_grey")
    logits = network(face)[HEAD]
    if mirror:
        mirrored = network(keras.ops.flip(face, axis=2))[HEAD]
        logits = keras.layers.Average()([logits, mirrored])
    return keras.Model(face, logits)


def _converted(reader: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        reader.export(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        # Eight-bit weights, activations scaled as they come: a third of the time and a quarter of
        # the size of floats at the same accuracy; scales fixed beforehand lost half a point.
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converted: bytes = converter.convert()
    return converted
