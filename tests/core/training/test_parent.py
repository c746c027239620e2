"""A network that grows from an earlier one first says what that one said."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.training.datasets import LabelledFaces
from core.training.recipes import Recipe

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"  # Keras, when it saves and loads.
)
WIDTHS = {"stage_widths": (4, 8)}
SMALL = Recipe("small", stage_blocks=(1, 1), **WIDTHS)
GROWN = Recipe("grown", stage_blocks=(2, 2), parent_blocks=(1, 1), **WIDTHS)
FACES = np.random.default_rng(0).integers(0, 255, (7, 48, 48), dtype=np.uint8)


@pytest.fixture(scope="module")
def parent_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from core.training.architectures import residual_network

    path = tmp_path_factory.mktemp("parent") / "parent.keras"
    residual_network(SMALL).save(path)
    return path


def test_growing_changes_nothing_at_first(parent_path: Path):
    import keras

    from core.training.architectures import residual_network
    from core.training.parent import start_from_parent

    grown, parent = residual_network(GROWN), keras.models.load_model(parent_path, compile=False)
    start_from_parent(grown, parent_path, GROWN)
    faces = FACES[..., np.newaxis].astype(np.float32)
    assert np.asarray(grown(faces)["fer7"]) == pytest.approx(
        np.asarray(parent(faces)["fer7"]), abs=1e-4
    )


@pytest.mark.parametrize(
    "recipe",
    [SMALL, Recipe("wider", stage_blocks=(2, 2), parent_blocks=(1, 1), stage_widths=(8, 8))],
    ids=["no parent", "another parent"],
)
def test_a_parent_that_does_not_fit_is_said(parent_path: Path, recipe: Recipe):
    from core.training.architectures import residual_network
    from core.training.parent import start_from_parent

    with pytest.raises(ModelError, match=recipe.name):
        start_from_parent(residual_network(recipe), parent_path, recipe)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_soft_labels_keep_their_share_of_the_given_ones(parent_path: Path, share: float):
    from core.training.parent import soft_labels

    votes = np.eye(8, dtype=np.float32)[np.arange(7)]
    faces = LabelledFaces(FACES, np.arange(7), votes)
    labels = soft_labels(parent_path, faces, share)
    assert labels.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-4)
    assert (np.diag(labels) >= 1 - share - 1e-6).all()
