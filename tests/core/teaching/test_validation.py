"""Figures that are honest: no picture is judged by what learnt from it."""

from __future__ import annotations

import numpy as np
import pytest

from core.expression.litert import softmax
from core.teaching.validation import (
    LEAVE_ONE_OUT_UP_TO,
    CrossValidation,
    careful_temperature,
    cross_validate,
    wilson_interval,
)


def _pictures(count: int, classes: int, apart: float, seed: int = 0):
    """Views that are nearly copies of each other within a picture."""
    random = np.random.default_rng(seed)
    label_index = np.arange(count) % classes
    centres = apart * np.eye(classes, 16)
    faces = centres[label_index] + random.normal(size=(count, 16))
    return faces[:, None] + random.normal(size=(count, 4, 16)) * 0.01, label_index


def _right(validation: CrossValidation) -> float:
    return float((validation.logits.argmax(axis=1) == validation.label_index).mean())


@pytest.mark.parametrize("count", [LEAVE_ONE_OUT_UP_TO, 30], ids=["one out", "a tenth out"])
def test_views_of_a_picture_never_help_to_read_it(count: int):
    # Without any order in the labels, a leak between views would read nearly all rightly.
    shares = []
    for seed in range(4):
        pictures, label_index = _pictures(count, 2, apart=0, seed=seed)
        shares.append(_right(cross_validate(pictures, label_index, 2)))
    assert np.mean(shares) < 0.75


@pytest.mark.parametrize(("count", "left_out"), [(12, 1), (20, 1), (21, 3), (60, 6)], ids=str)
def test_what_is_left_out_at_a_time(count: int, left_out: int):
    pictures, label_index = _pictures(count, 3, apart=9)
    validation = cross_validate(pictures, label_index, 3)
    assert validation.left_out == left_out
    assert _right(validation) == 1


def test_it_tells_how_far_it_is():
    pictures, label_index = _pictures(12, 3, apart=5)
    told: list[float] = []
    cross_validate(pictures, label_index, 3, told.append)
    assert told == sorted(told)
    assert told[0] == 0
    assert len(told) == 12


def test_the_same_pictures_give_the_same_figures():
    pictures, label_index = _pictures(24, 3, apart=1)
    first, second = (cross_validate(pictures, label_index, 3).logits for _ in range(2))
    assert (first == second).all()


def _told(logits: float, wrong: int, count: int = 24) -> CrossValidation:
    label_index = np.arange(count) % 3
    read = label_index.copy()
    read[:wrong] = (read[:wrong] + 1) % 3
    return CrossValidation(np.eye(3)[read] * logits, label_index, 1)


def test_a_few_pictures_all_read_rightly_still_leave_doubt():
    validation = _told(logits=50, wrong=0)
    sure = softmax(validation.logits / careful_temperature(validation)).max(axis=1)
    assert sure == pytest.approx(9 / 10, abs=0.01)  # eight pictures of each: (8 + 1) / (8 + 2)


def test_mistakes_lower_the_confidence():
    sure = []
    for wrong in (0, 6, 12):
        validation = _told(logits=5, wrong=wrong)
        sure.append(softmax(validation.logits / careful_temperature(validation)).max())
    assert sure == sorted(sure, reverse=True)
    assert sure[2] < 0.65


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        pytest.param(0, 10, 0.0, 0.2775, id="none"),
        pytest.param(10, 10, 0.7225, 1.0, id="all"),
        pytest.param(5, 10, 0.2366, 0.7634, id="half"),
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, table I"),
    ],
)
def test_the_interval_is_wilsons(right: int, count: int, low: float, high: float):
    assert wilson_interval(right, count) == pytest.approx((low, high), abs=1e-4)
