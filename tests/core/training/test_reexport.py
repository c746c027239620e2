"""A published model's TFLite file is made again from its Keras file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.clock import SystemClock
from core.errors import DatasetError, ModelError
from core.expression.card import CARD_FILE, read_card
from core.expression.registry import DEFAULT_MODEL, load_classifier
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

pytest.importorskip("keras")

from core.training.reexport import reader_options, reexport

pytestmark = pytest.mark.timeout(600)

MODELS = Path(__file__).parents[3] / "models"
FACES = np.random.default_rng(2).integers(0, 256, (4, 48, 48), dtype=np.uint8)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The shipped model, to be changed."""
    shutil.copytree(MODELS / DEFAULT_MODEL, tmp_path / "models" / DEFAULT_MODEL)
    return tmp_path / "models"


def test_the_new_file_reads_as_the_old_one_and_is_measured(models: Path, tmp_path: Path) -> None:
    write_tiny_fer2013(tmp_path / "tiny.npz")
    before = read_card(models / DEFAULT_MODEL)
    shipped = load_classifier(DEFAULT_MODEL, MODELS).logits(FACES)
    card = reexport(DEFAULT_MODEL, models, tmp_path / "tiny.npz", SystemClock())
    again = load_classifier(DEFAULT_MODEL, models)
    assert again.logits(FACES) == pytest.approx(shipped, abs=0.05)
    assert len(again.embeddings(FACES)) == len(again.activations(FACES)) == len(FACES)
    assert read_card(models / DEFAULT_MODEL) == card
    assert (card.temperature, card.keras) == (before.temperature, before.keras)
    evaluation = json.loads((models / DEFAULT_MODEL / "evaluation.json").read_text())
    assert card.figures["accuracy"] == round(evaluation["accuracy"], 4)
    assert card.figures["accuracy_keras"] == before.figures["accuracy_keras"]
    assert [path.name for path in models.iterdir()] == [DEFAULT_MODEL]


def test_without_data_the_model_stays_as_it_was(models: Path, tmp_path: Path) -> None:
    before = (models / DEFAULT_MODEL / CARD_FILE).read_bytes()
    with pytest.raises(DatasetError):
        reexport(DEFAULT_MODEL, models, tmp_path / "none.npz", SystemClock())
    assert (models / DEFAULT_MODEL / CARD_FILE).read_bytes() == before
    assert np.isfinite(load_classifier(DEFAULT_MODEL, models).logits(FACES)).all()


@pytest.mark.parametrize("history", ["{", "{}", '{"reader": {"size": 1}}'])
def test_a_history_that_does_not_say_how_the_network_is_read(models: Path, history: str) -> None:
    (models / DEFAULT_MODEL / "history.json").write_text(history)
    with pytest.raises(ModelError, match="does not say how its network is read"):
        reader_options(models / DEFAULT_MODEL)


def test_a_keras_file_that_the_card_does_not_know_is_refused(models: Path, tmp_path: Path) -> None:
    (models / DEFAULT_MODEL / "model.keras").write_bytes(b"another")
    with pytest.raises(ModelError, match="not the one"):
        reexport(DEFAULT_MODEL, models, tmp_path / "tiny.npz", SystemClock())
