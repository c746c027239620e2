from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.expression.labels import FER7
from core.timeline.adding import coarser
from core.timeline.reading_tally import tally_of_columns
from core.timeline.valence import valence
from tests.support.tallies import SURE, looking

REST = (1 - SURE) / 2


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        pytest.param([0, 0, 0, 1, 0, 0, 0], 1, id="happy"),
        pytest.param([0.25, 0.25, 0.25, 0, 0.25, 0, 0], -1, id="all-negative"),
        pytest.param([0, 0, 0, 0, 0, 0.5, 0.5], 0, id="surprise-and-neutral"),
        pytest.param([0.1, 0, 0, 0.4, 0.2, 0.3, 0], 0.1, id="mixed"),
    ],
)
def test_happy_less_all_that_is_negative(probabilities: list[float], expected: float) -> None:
    tally = tally_of_columns(FER7, [1], [1], [0], [probabilities], [np.nan], 0)
    assert valence(tally) == pytest.approx([expected])


def test_a_wider_piece_has_the_mean() -> None:
    assert valence(coarser(looking("hs"), 60)) == pytest.approx([0])
    assert valence(coarser(looking("hhs"), 60)) == pytest.approx([(SURE - REST) / 3])


def test_without_seconds_there_is_none() -> None:
    unseen = replace(looking("h"), seconds=np.zeros(1, np.int64))
    assert np.isnan(valence(unseen)).all()


def test_a_model_without_negative_labels_has_only_happy() -> None:
    tally = tally_of_columns(("happy", "neutral"), [1], [1], [0], [[0.3, 0.7]], [np.nan], 0)
    assert valence(tally) == pytest.approx([0.3])
