"""Networks of Keras's own layers only: a saved file loads in safe mode anywhere."""

from __future__ import annotations

import keras
from keras import layers

from core.expression.labels import FER7, FERPLUS8
from core.training.recipes import Recipe

FACE_PX = 48


def residual_network(
    recipe: Recipe, normalisation: type[layers.Layer] = layers.BatchNormalization
) -> keras.Model:
    """A small residual network with one head per label set (He et al. 2015).

    `normalisation` may be a faster layer with the same weights, while training.

    Input: float (n, side, side, 1), grey, 0 to 255; any side from 32 px up. Each face is brought to
    mean 0 and deviation 1 inside the network, so that the light of the room matters little.

    Output: {"fer7": (n, 7), "ferplus8": (n, 8)}, logits in float32.
    """
    inputs = keras.Input((None, None, 1), name="face_grey")
    # One group over all pixels is a per-image standardisation; float32, or bfloat16 rounds 0..255.
    x = layers.GroupNormalization(
        groups=1, center=False, scale=False, dtype="float32", name="standardise"
    )(inputs)
    build = _Builder(recipe.l2, normalisation)
    x = build.convolution(x, recipe.stage_widths[0], "stem")
    for stage, (width, blocks) in enumerate(
        zip(recipe.stage_widths, recipe.stage_blocks, strict=True)
    ):
        for block in range(blocks):
            stride = 2 if block == 0 and stage > 0 else 1
            x = build.residual_block(x, width, stride, f"stage{stage + 1}_block{block + 1}")
    x = layers.GlobalAveragePooling2D(name="embedding")(x)
    x = layers.Dropout(recipe.dropout, seed=recipe.seed)(x)
    heads = {"fer7": len(FER7), "ferplus8": len(FERPLUS8)}
    outputs = {
        name: layers.Dense(classes, dtype="float32", name=name)(x)
        for name, classes in heads.items()
    }
    return keras.Model(inputs, outputs, name=recipe.name)


class _Builder:
    """What all convolutions of one network share."""

    def __init__(self, l2: float, normalisation: type[layers.Layer]) -> None:
        self._l2, self._normalisation = l2, normalisation

    def convolution(
        self,
        x: keras.KerasTensor,
        width: int,
        name: str,
        stride: int = 1,
        size: int = 3,
        relu: bool = True,
        gain: str = "ones",
    ) -> keras.KerasTensor:
        x = layers.Conv2D(
            width,
            size,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(self._l2),
            name=f"{name}_convolution",
        )(x)
        x = self._normalisation(gamma_initializer=gain, name=f"{name}_normalisation")(x)
        return layers.ReLU()(x) if relu else x

    def residual_block(
        self, x: keras.KerasTensor, width: int, stride: int, name: str
    ) -> keras.KerasTensor:
        """Starts as its shortcut alone: the last gain is zero (Goyal et al. 2017, 1706.02677)."""
        shortcut = x
        if stride > 1:
            shortcut = layers.AveragePooling2D(stride, padding="same")(shortcut)
        if x.shape[-1] != width:
            shortcut = self.convolution(shortcut, width, f"{name}_shortcut", size=1, relu=False)
        x = self.convolution(x, width, f"{name}_first", stride)
        x = self.convolution(x, width, f"{name}_second", relu=False, gain="zeros")
        return layers.ReLU()(layers.Add()([x, shortcut]))
