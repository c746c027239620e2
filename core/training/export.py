"""From a trained network to the files that ship: a plain Keras network and a TFLite network."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from core.errors import ModelError
from core.training.architectures import FACE_PX, residual_network
from core.training.recipes import Recipe

HEAD = "fer7"
OUTPUTS = ("logits", "activation", "embedding")
"""Of a reader, in the order in which a card names them."""


@dataclass(frozen=True)
class ReaderOptions:
    """What a reader makes of a trained network.

    Attributes:
        head: name of the network's output that is read; not needed where it has only one.
        input_px: side of the face that the reader takes.
        crop_px: side of the middle of that face, which is all that the network sees.
        mirror: average over the face and its mirror image.
    """

    head: str | None = HEAD
    input_px: int = FACE_PX
    crop_px: int = FACE_PX
    mirror: bool = True


@dataclass(frozen=True, eq=False)
class Exported:
    """The network with all heads, the reader of one head, and the reader's TFLite bytes.

    Attributes:
        network: as trained.
        reader: float (n, side, side, 1), 0 to 255, to a dict of `outputs`.
        outputs: what the reader gives, as a card names it.
        tflite: the reader, converted.
    """

    network: keras.Model
    reader: keras.Model
    outputs: tuple[str, ...]
    tflite: bytes


def trained_network(best_path: Path, recipe: Recipe) -> keras.Model:
    """A run's network with all its heads, in float32 and of Keras's own layers only.

    Raises:
        ModelError: the run has no best weights yet, or they are of another architecture.
    """
    # The trained file may hold the fused layer, which must be known before it is loaded.
    import core.training.fused  # noqa: F401

    keras.mixed_precision.set_global_policy("float32")
    network = residual_network(recipe)
    try:
        trained = keras.models.load_model(best_path, compile=False, safe_mode=True)
        network.set_weights(trained.get_weights())
    except ValueError as error:
        sentence = f"There are no weights of the recipe “{recipe.name}” in {best_path.name} yet."
        raise ModelError(sentence, repr(error)) from error
    return network


def exported(network: keras.Model, options: ReaderOptions, int8: bool = True) -> Exported:
    """The reader of one head of any network, converted.

    Args:
        network: takes float (n, side, side, 1 or 3), 0 to 255, and gives logits.
        options: which head, and how the face reaches the network.
        int8: eight-bit weights; else floats.

    Raises:
        ModelError: the network has no such head, or gives probabilities instead of logits.
    """
    reader = build_reader(network, options)
    outputs = tuple(name for name in OUTPUTS if name in reader.output)
    return Exported(network, reader, outputs, converted(reader, int8))


def converted(reader: keras.Model, int8: bool = True) -> bytes:
    """A reader as TFLite; its signature names the outputs, whose order the converter changes."""
    with tempfile.TemporaryDirectory() as folder:
        reader.export(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if int8:
            # Eight-bit weights, activations scaled as they come: a third of the time and a quarter
            # of the size of floats at the same accuracy; scales fixed beforehand lost half a point.
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        tflite: bytes = converter.convert()
    return tflite


def build_reader(network: keras.Model, options: ReaderOptions) -> keras.Model:
    """One head's logits, averaged over the face and its mirror image where the options say so.

    A head on globally averaged features also gives "embedding", those features, and "activation",
    the last feature map weighted by the head's kernel: each label's class activation map (Zhou et
    al. 2016, arXiv 1512.04150), whose mean over the face plus the head's bias is the logit.

    Raises:
        ModelError: as in `exported`.
    """
    face = keras.Input((options.input_px, options.input_px, 1), name="face_grey")
    # Trap: after Keras's CenterCrop the converted network normalises as in training.
    margin_px = (options.input_px - options.crop_px) // 2
    middle = slice(margin_px, margin_px + options.crop_px)
    seen = face[:, middle, middle] if margin_px else face
    if network.input_shape[-1] == 3:
        seen = layers.Concatenate()([seen] * 3)
    logits, head = _logits_and_head(network, options.head)
    pooling = _pooling_before(head)
    if pooling is None:
        only_logits = keras.Model(network.inputs, logits)
        return keras.Model(face, {"logits": _over_both(only_logits, seen, options.mirror)})
    trunk = keras.Model(network.inputs, pooling.input)
    features = _over_both(trunk, seen, options.mirror)
    embedding = layers.GlobalAveragePooling2D(name="embedding")(features)
    outputs = {
        "logits": head(embedding),
        "activation": _activation(features, head, options),
        "embedding": embedding,
    }
    return keras.Model(face, outputs)


def _logits_and_head(
    network: keras.Model, name: str | None
) -> tuple[keras.KerasTensor, keras.Operation]:
    outputs = network.output if isinstance(network.output, dict) else {name: network.output}
    if name not in outputs:
        heads = ", ".join(str(head) for head in outputs)
        raise ModelError(f"The network has no head “{name}”; it has {heads}.")
    head = _giver(outputs[name])
    activation = getattr(head, "activation", keras.activations.linear)
    if activation is not keras.activations.linear or isinstance(head, layers.Softmax):
        raise ModelError("The network's last layer must give logits, without an activation.")
    return outputs[name], head


def _pooling_before(head: keras.Operation) -> layers.Layer | None:
    """The global average pooling that feeds a dense head, if that is how the network ends."""
    if not isinstance(head, layers.Dense):
        return None
    before = _giver(head.input)
    while isinstance(before, layers.Dropout):
        before = _giver(before.input)
    return before if isinstance(before, layers.GlobalAveragePooling2D) else None


def _giver(tensor: keras.KerasTensor) -> keras.Operation:
    """The layer, or the network within a network, whose output this is."""
    return tensor._keras_history.operation


def _over_both(part: keras.Model, seen: keras.KerasTensor, mirror: bool) -> keras.KerasTensor:
    """What a part of the network gives, averaged over the face and its mirror image.

    All that follows a feature map is linear, so the map may be averaged in place of the logits;
    it is turned back first, so that left stays left.
    """
    if not mirror:
        return part(seen)
    # One batch of both is faster than two passes.
    both = part(keras.ops.concatenate([seen, keras.ops.flip(seen, axis=2)]))
    straight, mirrored = keras.ops.split(both, 2)
    if len(mirrored.shape) == 4:
        mirrored = keras.ops.flip(mirrored, axis=2)
    return layers.Average()([straight, mirrored])


def _activation(
    features: keras.KerasTensor, head: layers.Dense, options: ReaderOptions
) -> keras.KerasTensor:
    """(n, rows, columns, labels) over the whole face; nothing where the network does not look."""
    share = (options.crop_px / options.input_px) ** 2
    kernel = head.kernel.numpy()[np.newaxis, np.newaxis] / share
    weigh = layers.Conv2D(
        kernel.shape[-1], 1, use_bias=False, kernel_initializer=keras.initializers.Constant(kernel)
    )
    activation = weigh(features)
    return activation if share == 1 else _spread(activation, options)


def _spread(activation: keras.KerasTensor, options: ReaderOptions) -> keras.KerasTensor:
    """A map of the middle of the face, as one of the whole face with cells of the same size."""
    cell_px = options.crop_px / activation.shape[1]
    cells = round(options.input_px / cell_px)
    margin_px = (options.input_px - options.crop_px) / 2
    starts_px = np.arange(cells)[:, np.newaxis] * options.input_px / cells
    seen_px = margin_px + np.arange(activation.shape[1]) * cell_px
    overlap_px = np.minimum(starts_px, seen_px) - np.maximum(starts_px, seen_px) + cell_px
    shares = (np.maximum(overlap_px, 0) / cell_px).astype("float32")
    return keras.ops.einsum("ri,nijl,cj->nrcl", shares, activation, shares)
