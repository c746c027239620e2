"""Several trained trunks side by side as one network."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers


def side_by_side(networks: Sequence[keras.Model], shares: Sequence[float]) -> keras.Model:
    """One network whose logits are the weighted mean of several networks' logits, exactly.

    All feature maps are laid on each other, and one pooling and one head per label set follow: the
    mean of the heads is one head on all embeddings. So all that is made of a network with a pooled
    head (maps of what it looked at, embeddings) is made of this one too.

    Args:
        networks: residual networks with the same heads and the same size of feature map.
        shares: of each network's logits; their sum is 1.
    """
    inputs = keras.Input(networks[0].input_shape[1:], name="face_grey")
    maps = [_trunk(network)(inputs) for network in networks]
    embedding = layers.GlobalAveragePooling2D(name="embedding")(layers.Concatenate()(maps))
    heads = networks[0].output
    outputs = {
        name: layers.Dense(logits.shape[-1], name=name)(embedding) for name, logits in heads.items()
    }
    network = keras.Model(inputs, outputs, name="side_by_side")
    for name in heads:
        parts = [one.get_layer(name).get_weights() for one in networks]
        weighted = [
            (share * kernel, share * bias)
            for share, (kernel, bias) in zip(shares, parts, strict=True)
        ]
        kernels, biases = zip(*weighted, strict=True)
        network.get_layer(name).set_weights([np.concatenate(kernels), np.sum(biases, axis=0)])
    return network


def _trunk(network: keras.Model) -> keras.Model:
    return keras.Model(network.inputs, network.get_layer("embedding").input, name=network.name)
