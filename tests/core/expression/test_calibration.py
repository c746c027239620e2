"""“Not sure” rests on calibrated probabilities: the card's temperature divides the logits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.analysis import read_faces
from core.expression.card import read_card
from core.expression.litert import softmax
from core.expression.registry import load_classifier
from core.expression.wording import NOT_SURE, looks
from core.vision.face import Box
from tests.support.networks import edit_card, install
from tests.support.reading import textured
from tests.support.sources import MODULES, path_of

LABELS = ("calm", "worried", "tired")
WHOLE = Box(0, 0, 96, 96)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_probabilities_are_the_softmax_of_logits_over_temperature(
    tmp_path: Path, temperature: float
) -> None:
    edit_card(install(tmp_path, "mine", LABELS), temperature=temperature)
    classifier = load_classifier("mine", tmp_path)
    faces = np.random.default_rng(1).integers(0, 256, (4, 16, 16), dtype=np.uint8)
    expected = softmax(classifier.logits(faces) / temperature)
    read = [reading.probabilities for reading in classifier.classify(list(faces))]
    np.testing.assert_allclose(read, expected)


def test_a_higher_temperature_makes_the_product_say_not_sure(tmp_path: Path) -> None:
    folder = install(tmp_path, "mine", LABELS)
    words = []
    for temperature in (0.01, 1000.0):
        edit_card(folder, temperature=temperature)
        (face,) = read_faces(textured(96, 96), [WHOLE], load_classifier("mine", tmp_path))
        assert face.reading is not None
        words.append(looks(face.reading, sure_from=0.5))
    assert words[0] != NOT_SURE
    assert words[1] == NOT_SURE
    assert read_card(folder).temperature == 1000.0


def test_only_training_and_the_classifiers_see_raw_logits() -> None:
    # Whoever asks a classifier for logits could forget the temperature.
    askers = {path_of(module) for module in MODULES if ".logits(" in module.read_text()}
    allowed = ("core/training/", "core/teaching/", "core/expression/")
    assert [path for path in askers if not path.startswith(allowed)] == []
    assert "core/expression/litert.py" in askers
