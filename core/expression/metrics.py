"""Figures of a classifier, from logits and labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.expression.evaluation import CalibrationBin
from core.expression.litert import softmax

Logits = npt.NDArray[np.float64]
LabelIndex = npt.NDArray[np.int64]

CALIBRATION_BINS = 15


def accuracy(logits: Logits, label_index: LabelIndex) -> float:
    """Share of faces whose likeliest label is the given one."""
    return float((logits.argmax(axis=1) == label_index).mean())


def confusion_matrix(logits: Logits, label_index: LabelIndex) -> npt.NDArray[np.int64]:
    """Counts, (labels, labels): rows are the given labels, columns the read ones."""
    classes = logits.shape[1]
    flat = label_index * classes + logits.argmax(axis=1)
    return np.bincount(flat, minlength=classes**2).reshape(classes, classes).astype(np.int64)


def macro_f1(confusion: npt.NDArray[np.int64]) -> float:
    """Mean over labels of the harmonic mean of precision and recall; 0 for a label never met."""
    hits = np.diag(confusion)
    met = confusion.sum(axis=0) + confusion.sum(axis=1)
    return float((2 * hits / np.maximum(met, 1)).mean())


def calibration_bins(logits: Logits, label_index: LabelIndex) -> tuple[CalibrationBin, ...]:
    """Confidence against accuracy in bins of equal width; empty bins are left out."""
    probabilities = softmax(logits)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == label_index
    place = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return tuple(
        CalibrationBin(
            float(confidence[inside].mean()), float(right[inside].mean()), int(inside.sum())
        )
        for inside in (place == index for index in range(CALIBRATION_BINS))
        if inside.any()
    )


def expected_calibration_error(bins: tuple[CalibrationBin, ...]) -> float:
    """Mean gap between confidence and accuracy, weighted by faces (Naeini et al. 2015)."""
    faces = sum(one.faces for one in bins)
    return sum(abs(one.confidence - one.accuracy) * one.faces for one in bins) / max(faces, 1)


def fitted_temperature(logits: Logits, label_index: LabelIndex) -> float:
    """The temperature with the least negative log-likelihood (Guo et al. 2017, arXiv 1706.04599).

    One number and a smooth loss: a fine grid is exact enough and cannot diverge.
    """
    candidates = np.geomspace(0.25, 4.0, 401)
    rows = np.arange(len(label_index))
    losses = [
        -np.log(softmax(logits / candidate)[rows, label_index] + 1e-12).mean()
        for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])
