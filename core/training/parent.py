"""What a network takes over from an earlier one: its weights to start from, its view of labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from core.errors import ModelError
from core.training.architectures import residual_network
from core.training.augmentation import centre_crop
from core.training.datasets import LabelledFaces
from core.training.loading import load_network
from core.training.recipes import Recipe

_PARENT_SHARE, _VOTES_SHARE = 0.7, 0.4
"""Exponents of the two views; the pair with the least log-loss on PublicTest of those tried."""


def start_from_parent(network: keras.Model, parent_path: Path, recipe: Recipe) -> None:
    """Copies the weights of each layer that the parent has too.

    A block that the parent lacks starts as the identity, because the last normalisation of each
    block starts with a gain of zero: the grown network first says what its parent said.

    Raises:
        ModelError: the file is no network of the recipe's parent.
    """
    if recipe.parent_blocks is None:
        raise ModelError(f"The recipe “{recipe.name}” has no parent.")
    smaller = residual_network(replace(recipe, stage_blocks=recipe.parent_blocks))
    try:
        smaller.set_weights(load_network(parent_path).get_weights())
    except ValueError as error:
        sentence = f"{parent_path.name} is not the parent that “{recipe.name}” grows from."
        raise ModelError(sentence, repr(error)) from error
    known = {layer.name: layer for layer in smaller.layers if layer.weights}
    for layer in network.layers:
        if layer.name in known:
            layer.set_weights(known[layer.name].get_weights())


def soft_labels(parent_path: Path, faces: LabelledFaces, share: float) -> npt.NDArray[np.float32]:
    """Labels that carry doubt: part given, part as the parent and the crowd see the face.

    The crowd's votes are translated into the seven labels by a small network fitted to the same
    faces; the product of both views is a better guess of the label than either. A distillation
    with privileged information (Lopez-Paz et al. 2016, arXiv 1511.03643).

    Returns:
        float32 (n, labels), rows sum to 1.
    """
    views = _PARENT_SHARE * _log_softmax(_parent_logits(parent_path, faces))
    views += _VOTES_SHARE * _log_softmax(_logits_from_votes(faces))
    frequency = np.bincount(faces.label_index, minlength=len(faces.labels)) / len(faces)
    views -= (_PARENT_SHARE + _VOTES_SHARE - 1) * np.log(frequency + 1e-6)
    given = np.eye(len(faces.labels), dtype=np.float32)[faces.label_index]
    softened = (1 - share) * given + share * np.exp(_log_softmax(views))
    return softened.astype(np.float32)


def _parent_logits(parent_path: Path, faces: LabelledFaces) -> npt.NDArray[np.float32]:
    parent = load_network(parent_path)
    images = centre_crop(faces.images_grey, faces.images_grey.shape[1])
    mirrored = images[:, :, ::-1]
    both = [parent.predict(view, batch_size=512, verbose=0)["fer7"] for view in (images, mirrored)]
    mean: npt.NDArray[np.float32] = (both[0] + both[1]) / 2
    return mean


def _logits_from_votes(faces: LabelledFaces) -> npt.NDArray[np.float32]:
    translator = keras.Sequential(
        [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(len(faces.labels))]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    translator.compile(keras.optimizers.Adam(1e-2), loss)
    translator.fit(faces.votes, faces.label_index, epochs=12, batch_size=512, verbose=0)
    logits: npt.NDArray[np.float32] = translator.predict(faces.votes, batch_size=4096, verbose=0)
    return logits


def _log_softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    shifted = logits.astype(np.float32) - logits.max(axis=1, keepdims=True)
    normalised: npt.NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return normalised
