"""Two trained trunks side by side as one network."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np
from keras import layers


def side_by_side(
    first: keras.Model, second: keras.Model, shares: Mapping[str, float]
) -> keras.Model:
    """One network whose logits are the weighted mean of two networks' logits, exactly.

    Both feature maps are laid on each other, and one pooling and one head per label set follow:
    the mean of two heads is one head on both embeddings. So all that is made of a network with a
    pooled head (maps of what it looked at, embeddings) is made of this one too.

    Args:
        first: a residual network.
        second: one with the same heads and the same size of feature map.
        shares: of the first network's logits, by head; the rest is the second's.
    """
    inputs = keras.Input(first.input_shape[1:], name="face_grey")
    maps = [_trunk(network)(inputs) for network in (first, second)]
    embedding = layers.GlobalAveragePooling2D(name="embedding")(layers.Concatenate()(maps))
    outputs = {
        name: layers.Dense(first.output[name].shape[-1], name=name)(embedding) for name in shares
    }
    network = keras.Model(inputs, outputs, name="side_by_side")
    for name, share in shares.items():
        heads = [one.get_layer(name).get_weights() for one in (first, second)]
        weighted = [(share * heads[0][i], (1 - share) * heads[1][i]) for i in range(2)]
        kernel, bias = np.concatenate(weighted[0]), weighted[1][0] + weighted[1][1]
        network.get_layer(name).set_weights([kernel, bias])
    return network


def _trunk(network: keras.Model) -> keras.Model:
    return keras.Model(network.inputs, network.get_layer("embedding").input, name=network.name)
