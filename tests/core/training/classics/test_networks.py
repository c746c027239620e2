"""What each classic network is made of, and whose weights it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from core.errors import ModelError
from core.training.classics.networks import build_network
from core.training.classics.recipes import CLASSICS, Backbone
from core.training.export import ReaderOptions, build_reader
from core.training.loading import load_network

# Keras 3.15 asks numpy 2 for arrays in the way of numpy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def kinds(network: keras.Model) -> list[str]:
    return [type(layer).__name__ for layer in network.layers]


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A network like ours: any side, one layer named embedding, two heads."""
    face = keras.Input((None, None, 1))
    x = layers.Conv2D(4, 3, padding="same")(face)
    x = layers.GlobalAveragePooling2D(name="embedding")(x)
    heads = {"fer7": layers.Dense(7, name="fer7")(x), "ferplus8": layers.Dense(8)(x)}
    keras.Model(face, heads).save(tmp_path / "finished.keras")
    return tmp_path / "finished.keras"


def test_pain3_is_deepfaces_network() -> None:
    network = build_network(CLASSICS["pain3"], 3)
    assert network.input_shape == (None, 48, 48, 1)
    assert network.output_shape == (None, 3)
    convolutions = [one for one in network.layers if isinstance(one, layers.Conv2D)]
    assert [(one.filters, one.kernel_size[0]) for one in convolutions] == [
        (64, 5), (64, 3), (64, 3), (128, 3), (128, 3),
    ]  # fmt: skip
    pools = [one for one in network.layers if "Pooling" in type(one).__name__]
    assert [(type(one).__name__, one.pool_size[0], one.strides[0]) for one in pools] == [
        ("MaxPooling2D", 5, 2), ("AveragePooling2D", 3, 2), ("AveragePooling2D", 3, 2),
    ]  # fmt: skip
    dense = [one.units for one in network.layers if isinstance(one, layers.Dense)]
    assert dense == [1024, 1024, 3]


@pytest.mark.parametrize(("recipe", "labels"), [("fer7", 7), ("basic4", 4)])
def test_four_blocks_of_doubling_filters(recipe: str, labels: int) -> None:
    network = build_network(CLASSICS[recipe], labels)
    block = ["Conv2D", "BatchNormalization", "MaxPooling2D", "ReLU", "Dropout"]
    assert kinds(network)[2:22] == block * 4
    widths = [one.filters for one in network.layers if isinstance(one, layers.Conv2D)]
    assert widths == [64, 128, 256, 512]
    assert network.output_shape == (None, labels)


def test_animated_is_a_head_on_frozen_features(finished: Path) -> None:
    network = build_network(CLASSICS["animated"], 5, finished)
    assert network.input_shape == (None, 350, 350, 1)
    trained = {variable.path.split("/")[0] for variable in network.trainable_variables}
    assert not any("conv" in name for name in trained)
    taken = keras.models.load_model(finished).layers[1].get_weights()
    (trunk,) = (layer for layer in network.layers if layer.name == "trunk")
    assert np.array_equal(trunk.layers[1].get_weights()[0], taken[0])


@pytest.mark.parametrize("backbone", [Backbone.RESNET50, Backbone.VGG16])
def test_a_backbone_of_keras_takes_the_users_weights(tmp_path: Path, backbone: Backbone) -> None:
    recipe = replace(CLASSICS["eight"], face_px=32, backbone=backbone)
    first = build_network(recipe, 8)
    (trunk,) = (layer for layer in first.layers if isinstance(layer, keras.Model))
    trunk.save_weights(tmp_path / "own.weights.h5")
    again = build_network(replace(recipe, frozen=True), 8, tmp_path / "own.weights.h5")
    (taken,) = (layer for layer in again.layers if isinstance(layer, keras.Model))
    for one, other in zip(trunk.get_weights(), taken.get_weights(), strict=True):
        assert np.array_equal(one, other)
    assert len(again.trainable_variables) == 2


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        pytest.param("pain3", {"logits"}, id="pain3"),
        pytest.param("fer7", {"logits"}, id="fer7"),
        pytest.param("eight", {"logits", "activation", "embedding"}, id="eight"),
    ],
)
def test_each_can_be_read_as_a_published_model(name: str, outputs: set[str]) -> None:
    side_px = 32 if name == "eight" else 48
    network = build_network(replace(CLASSICS[name], face_px=side_px), 3)
    reader = build_reader(network, ReaderOptions(None, side_px, side_px, mirror=False))
    assert {key: value.shape[-1] for key, value in reader.output.items()} == {
        **dict.fromkeys(outputs, 3),
        **({"embedding": 2048} if "embedding" in outputs else {}),
    }


class TestBadWeights:
    """Each is a sentence, and nothing in a file is run."""

    @pytest.mark.parametrize(
        ("recipe", "content", "said"),
        [
            pytest.param("animated", b"text", "cannot be loaded", id="not a network"),
            pytest.param("animated", None, "cannot be loaded", id="missing"),
            pytest.param("eight", b"text", "does not hold the weights", id="not an h5"),
            pytest.param("eight", None, "does not hold the weights", id="no h5"),
        ],
    )
    def test_a_file_of_another_kind(self, tmp_path: Path, recipe, content, said) -> None:
        path = tmp_path / ("w.keras" if recipe == "animated" else "w.h5")
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ModelError, match=said):
            build_network(replace(CLASSICS[recipe], face_px=48), 3, path)

    def test_weights_of_another_network(self, tmp_path: Path) -> None:
        small = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
        small.save_weights(tmp_path / "small.weights.h5")
        with pytest.raises(ModelError, match="resnet50"):
            build_network(replace(CLASSICS["eight"], face_px=32), 3, tmp_path / "small.weights.h5")

    def test_a_network_without_an_embedding(self, tmp_path: Path) -> None:
        plain = keras.Sequential([keras.Input((48, 48, 1)), layers.Flatten()])
        plain.save(tmp_path / "plain.keras")
        with pytest.raises(ModelError, match="embedding"):
            build_network(CLASSICS["animated"], 3, tmp_path / "plain.keras")

    def test_a_frozen_backbone_without_weights(self) -> None:
        recipe = replace(CLASSICS["animated"], backbone=Backbone.RESNET50)
        with pytest.raises(ModelError, match="knows nothing"):
            build_network(recipe, 3)

    def test_code_in_a_file_is_not_run(self, tmp_path: Path) -> None:
        armed = keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x + 1)])
        armed.save(tmp_path / "armed.keras")
        with pytest.raises(ModelError, match="program code"):
            load_network(tmp_path / "armed.keras")

    def test_the_older_format_is_not_loaded_as_a_network(self, tmp_path: Path) -> None:
        (tmp_path / "old.h5").write_bytes(b"\x89HDF")
        with pytest.raises(ModelError, match="loaded as a network"):
            load_network(tmp_path / "old.h5")
