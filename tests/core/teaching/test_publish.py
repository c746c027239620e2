"""A taught model's folder: whole, honest, loadable, and gone when it is withdrawn."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.clock import SystemClock
from core.errors import ModelError
from core.expression.card import CARD_FILE, read_card
from core.expression.evaluation import CROSS_VALIDATION, read_evaluation
from core.expression.head import Head
from core.expression.registry import DEFAULT_MODEL, load_classifier, survey
from core.teaching.learn import Learnt
from core.teaching.publish import folder_name, publish, result_of, withdraw
from core.teaching.validation import CrossValidation

MODELS = Path(__file__).parents[3] / "models"
LABELS = ("neutral", "happy", "pain")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of models with the shipped one."""
    shutil.copytree(MODELS / DEFAULT_MODEL, tmp_path / DEFAULT_MODEL)
    return tmp_path


FACE = np.random.default_rng(1).integers(0, 256, (48, 48), dtype=np.uint8)
VALUES = load_classifier(DEFAULT_MODEL, MODELS).embeddings(FACE[np.newaxis]).shape[1]


def learnt(wrong: int = 2, values: int = VALUES) -> Learnt:
    """Of twelve pictures, some read wrongly."""
    label_index = np.arange(12) % 3
    read = label_index.copy()
    read[:wrong] = (read[:wrong] + 1) % 3
    head = Head(np.random.default_rng(0).normal(size=(values, 3)), np.array([0.1, 0.2, 0.3]))
    return Learnt(LABELS, head, 1.5, CrossValidation(np.eye(3)[read] * 3, label_index, 1))


def test_it_loads_and_reads_as_its_head_does(models: Path) -> None:
    taught = learnt()
    card = publish(taught, "Grandma Rose", DEFAULT_MODEL, models, SystemClock())
    assert (card.name, card.title) == ("grandma-rose", "Grandma Rose")
    classifier = load_classifier("grandma-rose", models)
    assert classifier.labels == LABELS
    (reading,) = classifier.classify([FACE])
    embedding = load_classifier(DEFAULT_MODEL, models).embeddings(FACE[np.newaxis])
    raw = np.exp((embedding @ taught.head.weights + taught.head.bias)[0] / 1.5)
    assert reading.probabilities == pytest.approx(raw / raw.sum(), abs=1e-4)
    with pytest.raises(ModelError, match="does not tell what its reading rests on"):
        classifier.activations(FACE[np.newaxis])


def test_the_card_says_where_it_comes_from_and_what_it_cannot(models: Path) -> None:
    publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    card, base = read_card(models / "rose"), read_card(models / DEFAULT_MODEL)
    assert (card.base, card.tflite, card.keras) == (base.name, base.tflite, None)
    assert card.labels == LABELS
    assert card.figures["cross_validated_accuracy"] == round(10 / 12, 4)
    assert card.figures["pictures"] == 12
    assert "accuracy" not in card.figures
    assert any("12 pictures of one person; it knows nobody else" in one for one in card.limits)
    evaluation = read_evaluation(models / "rose", card)
    assert evaluation is not None
    assert (evaluation.n, evaluation.split) == (12, CROSS_VALIDATION)
    assert np.array(evaluation.confusion).sum() == 12
    assert sum(one.faces for one in evaluation.calibration) == 12
    assert {path.name for path in (models / "rose").iterdir()} == {
        "card.json", "evaluation.json", "head.npz", "model.tflite",
    }  # fmt: skip


@pytest.mark.parametrize(("wrong", "beats"), [(0, True), (2, True), (8, False)])
def test_a_model_that_only_guesses_says_so(models: Path, wrong: int, beats: bool) -> None:
    card = publish(learnt(wrong), "Rose", DEFAULT_MODEL, models, SystemClock())
    evaluation = read_evaluation(models / "rose", card)
    assert evaluation is not None
    result = result_of(evaluation)
    assert (result.right, result.guessing) == (12 - wrong, pytest.approx(1 / 3))
    assert result.beats_guessing is beats
    assert ("better than a guess" in card.limits[0]) is not beats


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("Grandma  Rose ", "grandma-rose", id="blanks"),
        pytest.param("Jürgen 2", "jürgen-2", id="umlaut"),
        pytest.param("a_b-c", "a_b-c", id="as it is"),
    ],
)
def test_a_title_names_the_folder(tmp_path: Path, title: str, name: str) -> None:
    assert folder_name(title, tmp_path) == name


@pytest.mark.parametrize(
    ("title", "said"),
    [
        pytest.param("", "Give it a name", id="empty"),
        pytest.param("  ", "Give it a name", id="blank"),
        pytest.param("..", "Give it a name", id="dots"),
        pytest.param("../up", "Give it a name", id="a path"),
        pytest.param("a/b", "Give it a name", id="a slash"),
        pytest.param(".hidden", "Give it a name", id="hidden"),
        pytest.param("nul\0", "Give it a name", id="a null byte"),
        pytest.param("x" * 41, "Give it a name", id="long"),
        pytest.param("Mien7", "already", id="taken"),
        pytest.param("default", "already", id="what commands call the default"),
    ],
)
def test_a_title_that_cannot_name_a_folder(models: Path, title: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        publish(learnt(), title, DEFAULT_MODEL, models, SystemClock())
    assert [path.name for path in models.iterdir()] == [DEFAULT_MODEL]


def test_a_folder_that_cannot_be_written_leaves_nothing(models: Path, monkeypatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ModelError, match="could not be saved"):
        publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    assert [path.name for path in models.iterdir()] == [DEFAULT_MODEL]


def test_only_a_taught_model_is_deleted(models: Path) -> None:
    publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    withdraw("rose", models)
    with pytest.raises(ModelError, match="was not taught here"):
        withdraw(DEFAULT_MODEL, models)
    with pytest.raises(ModelError, match="no card"):
        withdraw("rose", models)
    assert [path.name for path in models.iterdir()] == [DEFAULT_MODEL]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda f: (f / "head.npz").unlink(), "lacks its file", id="no head"),
        pytest.param(lambda f: (f / "head.npz").write_bytes(b"x"), "not the one", id="another"),
        pytest.param(lambda f: _change(f, labels=["a", "b"]), "does not fit", id="other labels"),
        pytest.param(lambda f: _change(f, head=None), "cannot be read", id="no head in the card"),
        pytest.param(lambda f: _change(f, outputs=["logits"]), "cannot be read", id="no embedding"),
    ],
)
def test_a_damaged_one_is_refused_and_harms_no_other(models: Path, spoil, said) -> None:
    publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    spoil(models / "rose")
    with pytest.raises(ModelError, match=said):
        load_classifier("rose", models)
    found = survey(models)
    assert [card.name for card in found.cards] == [DEFAULT_MODEL]
    assert [refusal.name for refusal in found.refusals] == ["rose"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no head at all", id="junk"),
        pytest.param(Head(np.zeros((VALUES, 3)), np.zeros(2)).to_bytes(), id="sizes"),
        pytest.param(Head(np.zeros((9, 3)), np.zeros(3)).to_bytes(), id="of another network"),
    ],
)
def test_junk_with_the_right_hash_is_refused(models: Path, content: bytes) -> None:
    card = publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    (models / "rose/head.npz").write_bytes(content)
    assert card.head is not None
    head = replace(card.head, sha256=hashlib.sha256(content).hexdigest())
    (models / "rose" / CARD_FILE).write_text(replace(card, head=head).to_json())
    with pytest.raises(ModelError):
        load_classifier("rose", models)


def test_a_taught_model_is_no_base(models: Path) -> None:
    publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    with pytest.raises(ModelError, match=f"Build on “{DEFAULT_MODEL}” instead"):
        publish(learnt(), "Rosie", "rose", models, SystemClock())


def test_the_base_may_go_and_the_taught_model_stays(models: Path) -> None:
    publish(learnt(), "Rose", DEFAULT_MODEL, models, SystemClock())
    shutil.rmtree(models / DEFAULT_MODEL)
    assert load_classifier("rose", models).labels == LABELS


def _change(folder: Path, **changes: object) -> None:
    path = folder / CARD_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
