"""From a trained network to a TFLite file with all that its card names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.expression.card import ModelCard, read_card
from core.expression.litert import LiteRtClassifier

keras = pytest.importorskip("keras")

from core.training.architectures import residual_network  # noqa: E402
from core.training.export import Exported, ReaderOptions, build_reader, exported  # noqa: E402
from core.training.recipes import Recipe  # noqa: E402

pytestmark = pytest.mark.timeout(600)

ALL = ("logits", "activation", "embedding")
SMALL = Recipe("small", stage_widths=(8, 16, 16, 24), stage_blocks=(1, 1, 1, 1))
FACES = np.random.default_rng(5).integers(0, 256, (3, 48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Two heads, as after some training: no weight is zero."""
    keras.utils.set_random_seed(3)
    network = residual_network(SMALL)
    rng = np.random.default_rng(4)
    network.set_weights([w + rng.uniform(0.01, 0.1, w.shape) for w in network.get_weights()])
    return network


def given(reader: keras.Model, faces: np.ndarray) -> dict[str, np.ndarray]:
    outputs = reader(faces[..., np.newaxis].astype("float32"), training=False)
    return {name: np.asarray(values) for name, values in outputs.items()}


def classifier_of(made: Exported) -> LiteRtClassifier:
    labels = tuple(f"label {index}" for index in range(made.reader.output["logits"].shape[-1]))
    side_px = made.reader.input_shape[1]
    card: ModelCard = read_card(Path("models/mien7"))
    card = replace(card, labels=labels, input_px=side_px, outputs=made.outputs)
    return LiteRtClassifier(card, made.tflite)


READERS = {
    "seven labels, mirrored": ReaderOptions("fer7"),
    "eight labels, mirrored": ReaderOptions("ferplus8"),
    "not mirrored": ReaderOptions("fer7", mirror=False),
    "the middle 40 of 48 pixels": ReaderOptions("fer7", crop_px=40, mirror=False),
    "the middle, mirrored": ReaderOptions("fer7", crop_px=40),
}


CONVERTED = {"mirrored": ReaderOptions("fer7"), "the middle": READERS["the middle 40 of 48 pixels"]}


@pytest.mark.parametrize("options", CONVERTED.values(), ids=CONVERTED)
def test_the_file_gives_what_the_network_gives(network, options: ReaderOptions) -> None:
    made = exported(network, options, int8=False)
    expected = given(made.reader, FACES)
    classifier = classifier_of(made)
    assert made.outputs == ALL
    assert classifier.logits(FACES) == pytest.approx(expected["logits"], rel=1e-3, abs=1e-3)
    for found, name in (
        (classifier.embeddings(FACES), "embedding"),
        (classifier.activations(FACES), "activation"),
    ):
        assert (found.shape, found.dtype) == (expected[name].shape, np.float32)
        assert found == pytest.approx(expected[name], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("options", READERS.values(), ids=READERS)
def test_the_mean_of_an_activation_map_and_the_bias_are_the_logit(network, options) -> None:
    outputs = given(build_reader(network, options), FACES)
    head = network.get_layer(options.head)
    kernel, bias = (np.asarray(values) for values in (head.kernel, head.bias))
    assert outputs["activation"].shape == (3, 6, 6, len(bias))
    averaged = outputs["activation"].mean((1, 2)) + bias
    assert outputs["logits"] == pytest.approx(averaged, rel=1e-4, abs=1e-4)
    assert outputs["logits"] == pytest.approx(
        outputs["embedding"] @ kernel + bias, rel=1e-4, abs=1e-4
    )


def test_a_reader_that_mirrors_averages_both_images(network) -> None:
    alone = build_reader(network, ReaderOptions("fer7", mirror=False))
    both = given(build_reader(network, ReaderOptions("fer7")), FACES)
    straight, mirrored = given(alone, FACES), given(alone, FACES[:, :, ::-1])
    assert straight["logits"] != pytest.approx(mirrored["logits"], rel=1e-4)
    mean = (straight["logits"] + mirrored["logits"]) / 2
    assert both["logits"] == pytest.approx(mean, rel=1e-4, abs=1e-4)
    mean = (straight["activation"] + mirrored["activation"][:, :, ::-1]) / 2
    assert both["activation"] == pytest.approx(mean, rel=1e-4, abs=1e-4)


def test_a_reader_of_the_middle_does_not_see_the_edge(network) -> None:
    reader = build_reader(network, ReaderOptions("fer7", crop_px=40, mirror=False))
    changed = FACES.copy()
    changed[:, :4] = 0
    changed[:, :, -4:] = 255
    assert given(reader, changed)["logits"] == pytest.approx(given(reader, FACES)["logits"])


def flat_network(channels: int = 1, activation: str | None = None) -> keras.Model:
    inputs = keras.Input((48, 48, channels))
    x = keras.layers.Flatten()(keras.layers.MaxPooling2D(8)(inputs))
    return keras.Model(inputs, keras.layers.Dense(3, activation=activation)(x))


@pytest.mark.parametrize("channels", [1, 3])
def test_a_network_that_ends_otherwise_gives_only_its_logits(channels: int) -> None:
    network = flat_network(channels)
    made = exported(network, ReaderOptions(None, mirror=False), int8=False)
    assert made.outputs == ("logits",)
    colour = np.repeat(FACES[..., np.newaxis], channels, axis=-1).astype("float32")
    assert classifier_of(made).logits(FACES) == pytest.approx(
        np.asarray(network(colour)), rel=1e-3, abs=1e-2
    )
    with pytest.raises(ModelError, match="does not tell"):
        classifier_of(made).activations(FACES)


def test_probabilities_are_no_logits() -> None:
    with pytest.raises(ModelError, match="must give logits"):
        build_reader(flat_network(activation="softmax"), ReaderOptions(None))


def test_a_head_that_the_network_has_not(network) -> None:
    with pytest.raises(ModelError, match="fer7, ferplus8"):
        build_reader(network, ReaderOptions("pain"))
