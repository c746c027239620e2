"""A model that learned from part of PublicTest is judged by the rest, and its twins are counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.clock import SystemClock
from core.expression.card import ModelCard, read_card
from core.expression.labels import FER7, FERPLUS8
from core.expression.registry import load_classifier
from core.training.datasets import Dataset, Split, load, twins_of
from core.training.evaluate import evaluate, faces_labelled
from core.training.figures import readme_figures
from core.training.recipes import RECIPES, Recipe
from tests.core.training.tiny_fer2013 import write_tiny_fer2013
from tests.support.networks import edit_card, install

SHARE = 5 / 6
LEARNED, REST = 29, 6
"""Of 35 faces of the tiny PublicTest."""


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    return write_tiny_fer2013(tmp_path / "tiny.npz")


def learning(npz: Path, share: float = SHARE) -> Dataset:
    return load(npz).learning_public(share)


def with_other(npz: Path, array: str, rows: np.ndarray, values: np.ndarray) -> Path:
    """The same data with other pictures or labels at these rows."""
    with np.load(npz) as archive:
        arrays = dict(archive)
    arrays[array][rows] = values
    other = npz.with_stem("other")
    np.savez(other, **arrays)
    return other


def learned_rows(npz: Path) -> np.ndarray:
    """Of the npz: PublicTest's faces that the training took."""
    learned = twins_of(load(npz)[Split.PUBLIC], learning(npz)[Split.TRAINING])
    with np.load(npz) as archive:
        rows: np.ndarray = np.flatnonzero(archive["usage"] == 1)[learned]
    return rows


def test_every_face_of_public_test_is_learned_or_decides(npz: Path) -> None:
    before, after = load(npz), learning(npz)
    assert len(after[Split.TRAINING]) == len(before[Split.TRAINING]) + LEARNED
    assert len(after[Split.PUBLIC]) == REST
    assert not twins_of(after[Split.PUBLIC], after[Split.TRAINING]).any()
    assert twins_of(before[Split.PUBLIC], after[Split.TRAINING]).sum() == LEARNED


def test_what_the_largest_share_leaves_no_smaller_one_takes(npz: Path) -> None:
    rest = learning(npz)[Split.PUBLIC]
    assert twins_of(rest, learning(npz, 1 / 2)[Split.PUBLIC]).all()


def test_a_model_that_learned_from_none_of_it_is_judged_by_all_of_it(npz: Path) -> None:
    assert len(faces_labelled(FER7, npz, Split.PUBLIC)) == LEARNED + REST
    agreed = faces_labelled(FERPLUS8, npz, Split.PUBLIC)
    assert len(agreed) == LEARNED + REST


@pytest.mark.parametrize("labels", [FER7, FERPLUS8], ids=["seven", "eight"])
def test_only_the_rest_tells_anything_of_a_model_that_learned(npz: Path, labels) -> None:
    faces = faces_labelled(labels, npz, Split.PUBLIC, learned_public=SHARE)
    assert len(faces) == REST
    assert twins_of(faces, learning(npz)[Split.PUBLIC]).all()


def test_copies_of_learned_faces_are_twins_too(tmp_path: Path, npz: Path) -> None:
    with np.load(npz) as archive:
        private, learned = np.flatnonzero(archive["usage"] == 2), learned_rows(npz)
        data = with_other(npz, "images", private[9:11], archive["images"][learned[:2]])
    models = tmp_path / "models"
    models.mkdir()
    folder = install(models, "mine", FER7)
    assert evaluate("mine", models, data, Split.PRIVATE).twins == 1
    edit_card(folder, learned_public=SHARE)
    assert evaluate("mine", models, data, Split.PRIVATE).twins == 3
    assert evaluate("mine", models, data, Split.PUBLIC).n == REST


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_what_is_published_was_not_calibrated_on_what_it_learned(
    tmp_path: Path, npz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("keras")
    from core.training.architectures import residual_network
    from core.training.publications import Publication
    from core.training.publish import publish

    rng = np.random.default_rng(1)
    recipes = [
        Recipe(name, (4, 8), (1, 1), learns_public=share)
        for name, share in (("one", SHARE), ("two", 0.0))
    ]
    for recipe in recipes:
        monkeypatch.setitem(RECIPES, recipe.name, recipe)
        (tmp_path / recipe.name).mkdir()
        network = residual_network(recipe)
        network.set_weights([w + rng.uniform(0, 0.3, w.shape) for w in network.get_weights()])
        network.save(tmp_path / recipe.name / "best.keras")
    publication = Publication("both", (("two", 0.5), ("one", 0.5)), "Both", "For a test.")

    def published(data: Path) -> ModelCard:
        publish(publication, tmp_path / "two", data, tmp_path / "models/both", SystemClock())
        return read_card(tmp_path / "models/both")

    published(npz)
    public = np.arange(140, 175)
    with np.load(npz) as archive:
        faces = archive["images"][public]
    read = load_classifier("both", tmp_path / "models").logits(faces).argmax(axis=1)
    wrong = np.isin(public, learned_rows(npz))
    card = published(with_other(npz, "label", public, (read + wrong) % 7))
    assert card.learned_public == SHARE
    assert "arXiv 2105.03588" in card.data
    assert "17 % of it was kept back" in card.data
    assert card.figures["accuracy_public"] == 1
    assert card.temperature < 1


def test_the_readme_says_of_which_faces_a_figure_is(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "models/mien7"
    shutil.copytree(shipped, tmp_path / "mien7")
    assert "of PublicTest too" not in readme_figures(tmp_path)
    edit_card(tmp_path / "mien7", learned_public=SHARE)
    assert "`mien7` learned from 83 % of PublicTest too" in readme_figures(tmp_path)
