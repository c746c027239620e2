"""The pain network: an expression network that stays as it is, and a branch beside it.

The branch starts as a copy of the expression network's upper stages. What the expressions are read
from is not touched, so the seven labels keep their accuracy while pain is learnt.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from keras import layers

from core.errors import ModelError
from core.expression.labels import FER7
from core.training.architectures import residual_network
from core.training.loading import load_network
from core.training.pain.recipe import PAIN_LABELS, PainRecipe
from core.training.pain.targets import SHAPES
from core.training.recipes import recipe_named

PAIN_HEAD, SHAPES_HEAD, LABELS_HEAD = "pain", "shapes", "fer7_and_pain"
_LOWER, _BRANCH, _EXPRESSIONS = "lower", "pain_branch", "expressions"


def branch_network(parent_path: Path, recipe: PainRecipe) -> keras.Model:
    """What is trained: the parent's lower stages, frozen, and the branch.

    Input: float (n, side, side, 1), 0 to 255, as the parent takes it.

    Output: {"pain": (n, 1), a logit; "shapes": (n, len(SHAPES)), how far each shape shows}.

    Raises:
        ModelError: the file is not a network of the recipe's parent.
    """
    lower, upper, _ = _halves(parent_path, recipe)
    lower.trainable = False
    lower.name, upper.name = _LOWER, _BRANCH
    face = keras.Input((None, None, 1), name="face_grey")
    # Normalised with the parent's statistics: a batch holds rendered faces too, a camera none.
    features = upper(lower(face, training=False), training=False)
    x = layers.GlobalAveragePooling2D()(features)
    x = layers.Dropout(recipe.dropout, seed=recipe.seed)(x)
    heads = {PAIN_HEAD: 1, SHAPES_HEAD: len(SHAPES)}
    outputs = {
        name: layers.Dense(values, dtype="float32", name=name)(x) for name, values in heads.items()
    }
    return keras.Model(face, outputs, name=recipe.name)


def labels_network(trained: keras.Model, parent_path: Path, recipe: PainRecipe) -> keras.Model:
    """What is published: one dense head over both upper halves, FER7's logits and the pain logit.

    Output: {"fer7_and_pain": (n, 8)}: the parent's seven logits and, last, the branch's own logit,
    which stands for itself and is not yet part of one softmax (see `composed`).

    Raises:
        ModelError: as `branch_network`.
    """
    lower, upper, head = _halves(parent_path, recipe)
    branch = _halves(parent_path, recipe)[1]
    branch.set_weights(trained.get_layer(_BRANCH).get_weights())
    lower.name, upper.name, branch.name = _LOWER, _EXPRESSIONS, _BRANCH
    face = keras.Input((None, None, 1), name="face_grey")
    shared = lower(face)
    features = layers.Concatenate()([upper(shared), branch(shared)])
    embedding = layers.GlobalAveragePooling2D(name="embedding")(features)
    labels = layers.Dense(len(PAIN_LABELS), dtype="float32", name=LABELS_HEAD)
    network = keras.Model(face, {LABELS_HEAD: labels(embedding)}, name=recipe.name)
    labels.set_weights(_block_diagonal(head.get_weights(), trained.get_layer(PAIN_HEAD)))
    return network


def composed(logits: keras.KerasTensor) -> keras.KerasTensor:
    """Eight logits whose softmax gives P(pain) = sigmoid(s) and shares the rest as FER7 does.

    With z the seven logits and s the pain logit, the eighth is s + log sum exp z.

    Args:
        logits: (n, 8), z and s.
    """
    seven, pain = logits[:, : len(FER7)], logits[:, len(FER7) :]
    total = keras.ops.logsumexp(seven, axis=1, keepdims=True)
    return keras.ops.concatenate([seven, pain + total], axis=1)


def _halves(parent_path: Path, recipe: PainRecipe) -> tuple[keras.Model, keras.Model, layers.Layer]:
    """Lower stages, upper stages, the seven labels' head: new layers, the parent's weights."""
    parent_recipe = replace(recipe_named(recipe.parent), l2=0.0)
    network = residual_network(parent_recipe)
    parent = load_network(parent_path)
    try:
        network.set_weights(parent.get_weights())
    except ValueError as error:
        sentence = f"{parent_path.name} is not a network of the recipe “{recipe.parent}”."
        raise ModelError(sentence, repr(error)) from error
    border = network.get_layer(f"{recipe.branch_from}_block1_first_convolution").input
    top = network.get_layer("embedding").input
    return (
        keras.Model(network.inputs, border),
        keras.Model(border, top),
        network.get_layer("fer7"),
    )


def _block_diagonal(expressions: list[np.ndarray], pain: layers.Layer) -> list[np.ndarray]:
    """Kernel and bias of one head: the first features give seven labels, the last ones pain."""
    (kernel, bias), (pain_kernel, pain_bias) = expressions, pain.get_weights()
    rows, columns = len(kernel), kernel.shape[1]
    joined = np.zeros((rows + len(pain_kernel), columns + 1), np.float32)
    joined[:rows, :columns], joined[rows:, columns:] = kernel, pain_kernel
    return [joined, np.concatenate([bias, pain_bias])]
