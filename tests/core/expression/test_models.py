"""The shipped model, its card, and what happens to models that do not match theirs."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.expression.card import CARD_FILE, read_card, verified_bytes
from core.expression.labels import FER7
from core.expression.registry import (
    DEFAULT_MODEL,
    default_model,
    installed_models,
    load_classifier,
)

MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of models of which a test may spoil things."""
    shutil.copytree(MODELS / DEFAULT_MODEL, tmp_path / DEFAULT_MODEL)
    return tmp_path


def spoil_card(models: Path, **changes: object) -> None:
    path = models / DEFAULT_MODEL / CARD_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_every_installed_model_matches_its_card():
    cards = installed_models(MODELS)
    assert DEFAULT_MODEL in {card.name for card in cards}
    for card in cards:
        for file in card.files:
            verified_bytes(MODELS / card.name, file)


def test_the_shipped_card_claims_only_what_was_measured():
    card = read_card(MODELS / DEFAULT_MODEL)
    evaluation = json.loads((MODELS / DEFAULT_MODEL / "evaluation.json").read_text())
    assert card.figures["accuracy"] == round(evaluation["accuracy"], 4)
    assert evaluation["split"] == "private"
    assert sum(map(sum, evaluation["confusion"])) == evaluation["n"] == 3589
    assert abs(card.figures["accuracy"] - card.figures["accuracy_keras"]) <= 0.003
    assert card.figures["accuracy"] >= 0.69


def test_readings_are_probabilities_and_a_batch_reads_as_single_faces_do():
    classifier = load_classifier(DEFAULT_MODEL, MODELS)
    assert classifier.labels == FER7
    faces = list(np.random.default_rng(3).integers(0, 256, (5, 48, 48), dtype=np.uint8))
    together = classifier.classify(faces)
    apart = [classifier.classify([face])[0] for face in faces]
    for one, other in zip(together, apart, strict=True):
        assert sum(one.probabilities) == pytest.approx(1)
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)
    assert classifier.classify([]) == ()


def test_the_temperature_of_the_card_flattens_the_probabilities(models: Path):
    face = np.random.default_rng(6).integers(0, 256, (48, 48), dtype=np.uint8)
    (usual,) = load_classifier(DEFAULT_MODEL, models).classify([face])
    spoil_card(models, temperature=2 * read_card(models / DEFAULT_MODEL).temperature)
    (flatter,) = load_classifier(DEFAULT_MODEL, models).classify([face])
    # dividing the logits by two takes the square root of every ratio
    expected = np.sqrt(usual.probabilities) / np.sqrt(usual.probabilities).sum()
    assert flatter.probabilities == pytest.approx(expected, abs=1e-4)


def test_a_face_and_its_mirror_image_read_alike():
    classifier = load_classifier(DEFAULT_MODEL, MODELS)
    face = np.random.default_rng(4).integers(0, 256, (48, 48), dtype=np.uint8)
    straight, mirrored = classifier.classify([face, np.ascontiguousarray(face[:, ::-1])])
    assert straight.probabilities == pytest.approx(mirrored.probabilities, abs=1e-4)


def test_the_light_of_the_room_hardly_matters():
    classifier = load_classifier(DEFAULT_MODEL, MODELS)
    face = np.random.default_rng(5).integers(60, 180, (48, 48), dtype=np.uint8)
    bright, dim = classifier.classify([face, (face * 0.5).astype(np.uint8)])
    assert bright.probabilities == pytest.approx(dim.probabilities, abs=0.05)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"labels": list(FER7[:5])}, "shape", id="labels that the file has not"),
        pytest.param({"input_px": 64}, "shape", id="another input size"),
        pytest.param({"labels": ["happy"]}, "cannot be read", id="one label"),
        pytest.param({"labels": ["a"] * 7}, "cannot be read", id="a label twice"),
        pytest.param({"temperature": 0}, "cannot be read", id="no temperature"),
        pytest.param({"name": "other"}, "cannot be read", id="another name"),
        pytest.param({"surprise": 1}, "cannot be read", id="an unknown key"),
        pytest.param(
            {"tflite": {"name": "../model.tflite", "sha256": ""}},
            "cannot be read",
            id="a file outside",
        ),
        pytest.param(
            {"tflite": {"name": "model.tflite", "sha256": "0" * 64}}, "not the one", id="hash"
        ),
    ],
)
def test_a_card_edited_by_hand_is_refused(models: Path, changes, said):
    spoil_card(models, **changes)
    with pytest.raises(ModelError, match=said):
        load_classifier(DEFAULT_MODEL, models)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda f: (f / CARD_FILE).unlink(), "no card", id="no card"),
        pytest.param(lambda f: (f / CARD_FILE).write_text("{"), "cannot be read", id="not JSON"),
        pytest.param(lambda f: (f / "model.tflite").unlink(), "lacks its file", id="no network"),
        pytest.param(
            lambda f: (f / "model.tflite").write_bytes(b"junk"), "not the one", id="another file"
        ),
    ],
)
def test_a_damaged_folder_is_refused(models: Path, spoil, said):
    spoil(models / DEFAULT_MODEL)
    with pytest.raises(ModelError, match=said):
        load_classifier(DEFAULT_MODEL, models)


@pytest.mark.parametrize("name", ["unknown", "../models", "", "."])
def test_a_model_that_is_not_installed(models: Path, name):
    with pytest.raises(ModelError):
        load_classifier(name, models)


def test_junk_with_the_right_hash_is_refused(models: Path):
    import hashlib

    junk = b"no network at all"
    (models / DEFAULT_MODEL / "model.tflite").write_bytes(junk)
    spoil_card(models, tflite={"name": "model.tflite", "sha256": hashlib.sha256(junk).hexdigest()})
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_classifier(DEFAULT_MODEL, models)


def test_one_broken_model_does_not_hide_the_others(models: Path):
    (models / "broken").mkdir()
    (models / "broken" / CARD_FILE).write_text("[]")
    assert [card.name for card in installed_models(models)] == [DEFAULT_MODEL]


def test_the_default_is_the_shipped_one_or_the_first_or_an_error(models: Path, tmp_path: Path):
    assert default_model(models) == DEFAULT_MODEL
    (models / DEFAULT_MODEL).rename(models / "another")
    spoil = models / "another" / CARD_FILE
    spoil.write_text(spoil.read_text().replace(f'"name": "{DEFAULT_MODEL}"', '"name": "another"'))
    assert default_model(models) == "another"
    with pytest.raises(ModelError, match="No model is installed"):
        default_model(tmp_path / "nothing")
