"""Figures against values worked out by hand."""

import numpy as np
import pytest

from core.expression.metrics import (
    accuracy,
    calibration_bins,
    confusion_matrix,
    expected_calibration_error,
    fitted_temperature,
    macro_f1,
)

LOGITS = np.log(np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]]))
LABELS = np.array([0, 1, 1, 1])


def test_accuracy_confusion_and_macro_f1():
    confusion = confusion_matrix(LOGITS, LABELS)
    assert accuracy(LOGITS, LABELS) == 0.75
    assert confusion.tolist() == [[1, 0, 0], [1, 2, 0], [0, 0, 0]]
    assert macro_f1(confusion) == pytest.approx((2 / 3 + 4 / 5 + 0) / 3)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy():
    bins = calibration_bins(LOGITS, LABELS)
    assert [(one.faces, one.accuracy) for one in bins] == [(4, 0.75)]
    assert expected_calibration_error(bins) == pytest.approx(0.05)


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.0])
def test_temperature_is_recovered(true_temperature):
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (20_000, 5))
    shares = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (shares.cumsum(axis=1) > rng.random((len(shares), 1))).argmax(axis=1)
    assert fitted_temperature(honest * true_temperature, labels) == pytest.approx(
        true_temperature, rel=0.1
    )
