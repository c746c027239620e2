"""The classic networks, of Keras's own layers only. All take grey faces and give logits."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from core.errors import ModelError
from core.training.classics.recipes import Backbone, ClassicRecipe, Network
from core.training.loading import load_network, load_weights

MIEN_WEIGHTS = Path("models/mien7/model.keras")
_MIEN_PX = 48
# Of ImageNet's blue, green and red, which the published weights expect to be taken off.
_IMAGENET_MEAN_BGR = (103.939, 116.779, 123.68)
_APPLICATIONS = {
    Backbone.RESNET50: keras.applications.ResNet50,
    Backbone.VGG16: keras.applications.VGG16,
}


def build_network(recipe: ClassicRecipe, labels: int, weights: Path | None = None) -> keras.Model:
    """The recipe's untrained network: float (n, face_px, face_px, 1), 0 to 255, to (n, labels).

    Args:
        recipe: which network.
        labels: number of logits.
        weights: of a backbone: a `.keras` network of ours, or an `.h5` of `keras.applications`.

    Raises:
        ModelError: the weights are missing or do not fit.
    """
    face = keras.Input((recipe.face_px, recipe.face_px, 1), name="face_grey")
    match recipe.network:
        case Network.DEEPFACE:
            features = _deepface(face, recipe.dropout)
        case Network.FOUR_BLOCKS:
            features = _dense_blocks(_four_blocks(face, recipe.dropout), recipe)
        case Network.BACKBONE:
            features = _dense_blocks(_backbone(face, recipe, weights), recipe)
    return keras.Model(face, layers.Dense(labels, name="logits")(features), name=recipe.name)


def _deepface(face: keras.KerasTensor, dropout: float) -> keras.KerasTensor:
    """The layers of DeepFace's emotion model (Serengil and Ozpinar 2021)."""
    x = layers.Rescaling(1 / 255)(face)
    x = layers.Conv2D(64, 5, activation="relu")(x)
    x = layers.MaxPooling2D(5, strides=2)(x)
    for width in (64, 128):
        x = layers.Conv2D(width, 3, activation="relu")(x)
        x = layers.Conv2D(width, 3, activation="relu")(x)
        x = layers.AveragePooling2D(3, strides=2)(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dropout(dropout)(layers.Dense(1024, activation="relu")(x))
    return x


def _four_blocks(face: keras.KerasTensor, dropout: float) -> keras.KerasTensor:
    x = layers.Rescaling(1 / 255)(face)
    for width in (64, 128, 256, 512):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(layers.MaxPooling2D()(x))
        x = layers.Dropout(dropout)(x)
    return layers.Flatten()(x)


def _dense_blocks(x: keras.KerasTensor, recipe: ClassicRecipe) -> keras.KerasTensor:
    for width in recipe.head_widths:
        x = layers.BatchNormalization()(layers.Dense(width, use_bias=False)(x))
        x = layers.Dropout(recipe.dropout)(layers.ReLU()(x))
    return x


def _backbone(
    face: keras.KerasTensor, recipe: ClassicRecipe, weights: Path | None
) -> keras.KerasTensor:
    if recipe.backbone in _APPLICATIONS:
        return _application(face, recipe, weights)
    trunk = _embedding_of(load_network(weights or MIEN_WEIGHTS))
    trunk.trainable = not recipe.frozen
    # Means of whole cells: a network of small faces sees the large face without aliasing.
    return trunk(layers.AveragePooling2D(recipe.face_px // _MIEN_PX)(face))


def _application(
    face: keras.KerasTensor, recipe: ClassicRecipe, weights: Path | None
) -> keras.KerasTensor:
    if recipe.frozen and weights is None:
        raise ModelError(
            f"A frozen {recipe.backbone} without weights knows nothing. Give --weights FILE."
        )
    build = _APPLICATIONS[Backbone(str(recipe.backbone))]
    shape = (recipe.face_px, recipe.face_px, 3)
    trunk = build(include_top=False, weights=None, input_shape=shape)
    if weights is not None:
        load_weights(trunk, weights)
    trunk.trainable = not recipe.frozen
    coloured = layers.Concatenate()([face] * 3)
    offset = [-mean for mean in _IMAGENET_MEAN_BGR]
    features = trunk(layers.Rescaling(1.0, offset=offset)(coloured))
    return layers.GlobalAveragePooling2D(name="embedding")(features)


def _embedding_of(network: keras.Model) -> keras.Model:
    """Of a network of ours, what its heads read; a single-headed one ends in its last features."""
    if network.input_shape[-1] != 1:
        raise ModelError("The backbone must take grey faces, as the project's own networks do.")
    names = [layer.name for layer in network.layers]
    if "embedding" not in names:
        raise ModelError("The backbone has no layer named “embedding” to take features from.")
    return keras.Model(network.inputs, network.get_layer("embedding").output, name="trunk")
