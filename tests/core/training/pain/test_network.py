"""The branch beside an expression network: the seven labels stay, pain comes in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.expression.labels import FER7
from core.expression.litert import softmax

keras = pytest.importorskip("keras")

from core.training.architectures import residual_network  # noqa: E402
from core.training.pain.network import (  # noqa: E402
    LABELS_HEAD,
    branch_network,
    composed,
    labels_network,
)
from core.training.pain.recipe import PAIN_RECIPE  # noqa: E402
from core.training.recipes import recipe_named  # noqa: E402

# Keras 3.15 asks numpy 2 for arrays in the way of numpy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FACES = np.random.default_rng(5).uniform(0, 255, (3, 48, 48, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def parent_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A parent in which no weight is zero."""
    keras.utils.set_random_seed(3)
    parent = residual_network(recipe_named(PAIN_RECIPE.parent))
    random = np.random.default_rng(4)
    parent.set_weights([w + random.uniform(0, 0.02, w.shape) for w in parent.get_weights()])
    path = tmp_path_factory.mktemp("parent") / "parent.keras"
    parent.save(path)
    return path


def test_the_published_network_says_what_the_parent_and_the_branch_say(parent_path: Path):
    trained = branch_network(parent_path, PAIN_RECIPE)
    branch = trained.get_layer("pain_branch")
    branch.set_weights([weights * 0.9 for weights in branch.get_weights()])
    published = labels_network(trained, parent_path, PAIN_RECIPE)
    parent = keras.models.load_model(parent_path, compile=False)
    logits = np.asarray(published(FACES, training=False)[LABELS_HEAD])
    assert logits[:, : len(FER7)] == pytest.approx(
        np.asarray(parent(FACES, training=False)["fer7"]), rel=1e-3, abs=1e-3
    )
    pain = np.asarray(trained(FACES, training=False)["pain"])
    assert logits[:, len(FER7) :] == pytest.approx(pain, rel=1e-3, abs=1e-3)


def test_what_is_shared_is_not_trained(parent_path: Path):
    trained = branch_network(parent_path, PAIN_RECIPE)
    assert trained.get_layer("lower").trainable_weights == []
    assert trained.get_layer("pain_branch").trainable_weights


@pytest.mark.parametrize("pain_logit", [-3.0, 0.0, 2.0])
def test_one_softmax_of_pain_and_seven_expressions(pain_logit):
    seven = np.random.default_rng(1).normal(0, 3, (4, 7)).astype(np.float32)
    joined = np.concatenate([seven, np.full((4, 1), pain_logit, np.float32)], axis=1)
    shares = softmax(np.asarray(composed(keras.ops.convert_to_tensor(joined)), np.float64))
    chance = 1 / (1 + np.exp(-pain_logit))
    assert shares[:, -1] == pytest.approx(np.full(4, chance), abs=1e-5)
    assert shares[:, :-1] == pytest.approx((1 - chance) * softmax(seven.astype(float)), abs=1e-5)


def test_another_network_is_no_parent(tmp_path: Path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save(tmp_path / "other.keras")
    with pytest.raises(ModelError, match="is not a network of the recipe"):
        branch_network(tmp_path / "other.keras", PAIN_RECIPE)
