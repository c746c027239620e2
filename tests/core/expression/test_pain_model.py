"""The shipped pain model on rendered faces of people whom it does not know."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.expression.card import read_card
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.expression.registry import load_classifier
from tests.support.sources import ROOT

LABELS = ("neutral", "happy", "pain")  # One row of forty faces each.
MODELS = ROOT / "models"


@pytest.fixture(scope="module")
def called() -> dict[str, list[Reading]]:
    sheet = cv2.imread(str(ROOT / "tests/faces/rendered_48px.png"), cv2.IMREAD_GRAYSCALE)
    tiles = sheet.reshape(len(LABELS), 48, -1, 48).swapaxes(1, 2)
    classifier = load_classifier("pain", MODELS)
    return {
        label: list(classifier.classify(list(row.astype(np.uint8))))
        for label, row in zip(LABELS, tiles, strict=True)
    }


def share_in_pain(readings: list[Reading]) -> float:
    threshold = read_card(MODELS / "pain").thresholds["pain"]
    return float(np.mean([reading.probability("pain") >= threshold for reading in readings]))


@pytest.mark.parametrize("label", ["neutral", "happy"])
def test_rendered_is_not_taken_for_pain(called, label):
    assert share_in_pain(called[label]) <= 0.025


def test_rendered_pain_is_seen(called):
    assert share_in_pain(called["pain"]) >= 0.8


def test_it_tells_the_seven_expressions_and_pain():
    assert read_card(MODELS / "pain").labels == (*FER7, "pain")
