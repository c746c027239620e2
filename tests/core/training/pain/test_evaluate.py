"""Figures of pain against values worked out by hand."""

import numpy as np
import pytest

from core.training.datasets import LabelledFaces
from core.training.pain.evaluate import area_under_curve

pytest.importorskip("keras")

from core.training.pain.publish import chosen_log_odds


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        pytest.param([3, 4], [1, 2], 1.0, id="apart"),
        pytest.param([1, 2], [3, 4], 0.0, id="the wrong way round"),
        pytest.param([1, 1], [1, 1], 0.5, id="no difference"),
        pytest.param([1, 3], [2], 0.5, id="one above, one below"),
        pytest.param([2, 3], [2, 1], 0.875, id="a tie counts half"),
    ],
)
def test_area_under_the_curve(positive, negative, expected):
    assert area_under_curve(np.array(positive, float), np.array(negative, float)) == expected


def test_the_threshold_keeps_both_rates_of_false_alarms():
    random = np.random.default_rng(0)
    label = random.integers(0, 7, 7000)
    logits = random.normal(0, 1, (7000, 8))
    faces = LabelledFaces(
        np.zeros((7000, 1, 1), np.uint8), label.astype(np.int64), np.zeros((7000, 8), np.float32)
    )
    odds = logits[:, -1] - np.log(np.exp(logits[:, :-1]).sum(axis=1))
    at_ease = (label == 3) | (label == 6)
    called = odds > chosen_log_odds(logits, faces)
    assert called[at_ease].mean() <= 0.006
    assert called[~at_ease].mean() <= 0.031
    assert called.mean() > 0.003
