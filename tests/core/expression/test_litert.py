"""Batches and outputs of the shipped network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.expression.card import read_card
from core.expression.litert import LiteRtClassifier
from core.expression.registry import DEFAULT_MODEL, load_classifier
from tests.support.networks import SIDE_PX, one_layer_tflite

FOLDER = Path(__file__).parents[3] / "models" / DEFAULT_MODEL
FACES = np.random.default_rng(8).integers(0, 256, (8, 48, 48), dtype=np.uint8)


@pytest.fixture
def classifier() -> LiteRtClassifier:
    """Of the shipped model."""
    return load_classifier(DEFAULT_MODEL, FOLDER.parent)


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param((1, 2, 1, 2, 1), id="a second face comes and goes"),
        pytest.param((8, 3, 2, 1, 4), id="fewer and fewer"),
        pytest.param((2, 2, 8, 8), id="never a single one"),
    ],
)
def test_a_face_reads_the_same_in_every_batch(classifier: LiteRtClassifier, batches) -> None:
    fresh = load_classifier(DEFAULT_MODEL, FOLDER.parent)
    alone = np.concatenate([fresh.logits(face[np.newaxis]) for face in FACES])
    for count in batches:
        assert classifier.logits(FACES[:count]) == pytest.approx(alone[:count], abs=1e-5)
        assert classifier.logits(FACES[-count:]) == pytest.approx(alone[-count:], abs=1e-5)


def test_the_shipped_network_tells_what_its_reading_rests_on(classifier: LiteRtClassifier) -> None:
    logits, embeddings = classifier.logits(FACES), classifier.embeddings(FACES)
    activations = classifier.activations(FACES)
    assert (embeddings.dtype, activations.dtype) == (np.float32, np.float32)
    assert embeddings.shape[0] == activations.shape[0] == len(FACES)
    assert activations.shape[-1] == len(classifier.labels)
    # The class activation map's mean is the logit without the head's bias, the same for each face.
    bias = logits - activations.mean(axis=(1, 2))
    assert np.ptp(bias, axis=0).max() < 0.02 * np.ptp(logits)


def test_an_output_that_the_card_does_not_name_is_not_given() -> None:
    card = replace(read_card(FOLDER), outputs=("logits",))
    classifier = LiteRtClassifier(card, (FOLDER / "model.tflite").read_bytes())
    whole = load_classifier(DEFAULT_MODEL, FOLDER.parent)
    assert classifier.logits(FACES).tolist() == whole.logits(FACES).tolist()
    with pytest.raises(ModelError, match="does not tell"):
        classifier.embeddings(FACES)
    with pytest.raises(ModelError, match="does not tell"):
        classifier.activations(FACES)


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param(("logits", "embedding"), id="an embedding"),
        pytest.param(("logits", "activation", "embedding"), id="both"),
        pytest.param(("logits", "mood"), id="an unknown one"),
    ],
)
def test_a_card_that_names_outputs_that_the_file_has_not_is_refused(outputs) -> None:
    labels = ("happy", "neutral")
    card = replace(read_card(FOLDER), labels=labels, input_px=SIDE_PX, outputs=outputs)
    with pytest.raises(ModelError, match="shape"):
        LiteRtClassifier(card, one_layer_tflite(len(labels)))
