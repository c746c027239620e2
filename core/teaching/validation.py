"""How well a taught model reads pictures that it did not learn from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.expression.head import Head
from core.expression.litert import softmax
from core.teaching.head import LabelIndex, fitted_head

SHRINKAGES = (100.0, 10.0, 1.0, 0.1, 0.01)
"""Tried from the most cautious on; on FER2013 with a dozen faces a label, 10 served best."""

LEAVE_ONE_OUT_UP_TO = 20
"""Pictures. Above, leaving out a tenth at a time says nearly the same in a fraction of the time."""

_FOLDS = 10
_INNER_FOLDS = 4
_LEAST_TEMPERATURE, _MOST_TEMPERATURE = 0.05, 20.0

PictureViews = npt.NDArray[np.float64]
"""Embeddings (pictures, views, values); the first view of a picture is the picture as it is."""


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """What was read from each picture by a head that had not learnt from any view of it.

    Attributes:
        logits: float64 (pictures, labels), before temperature.
        label_index: int64 (pictures,), the given labels.
        left_out: pictures at a time: 1, or about a tenth of all.
    """

    logits: npt.NDArray[np.float64]
    label_index: LabelIndex
    left_out: int


def cross_validate(
    pictures: PictureViews,
    label_index: LabelIndex,
    classes: int,
    on_progress: Callable[[float], None] = lambda _: None,
) -> CrossValidation:
    """Learn from all pictures but some, read those; until each was read once.

    How strongly the weights are shrunk is chosen anew each time, among the pictures learnt from,
    so that the choice does not flatter the result (Varma and Simon 2006).

    Args:
        pictures: float (n, views, values).
        label_index: int (n,), 0 to `classes` - 1, each of them at least twice.
        classes: number of labels.
        on_progress: told the share that is done, 0 to 1.
    """
    count = len(pictures)
    folds = count if count <= LEAVE_ONE_OUT_UP_TO else _FOLDS
    logits = np.zeros((count, classes))
    for done, held_out in enumerate(_held_out(label_index, folds)):
        on_progress(done / folds)
        learnt = ~held_out
        head = chosen_head(pictures[learnt], label_index[learnt], classes)
        logits[held_out] = head.logits(pictures[held_out, 0])
    return CrossValidation(logits, label_index, left_out=math.ceil(count / folds))


def chosen_head(pictures: PictureViews, label_index: LabelIndex, classes: int) -> Head:
    """The head learnt from all these pictures, shrunk as serves unseen ones of them best."""
    losses = [_unseen_loss(pictures, label_index, classes, one) for one in SHRINKAGES]
    best = SHRINKAGES[int(np.argmin(losses))]
    return fitted_head(*_rows(pictures, label_index), classes, best)


def careful_temperature(validation: CrossValidation) -> float:
    """The temperature with the least loss on the unseen pictures.

    A few dozen pictures, all read rightly, would ask for no doubt at all. So the right label is
    given (n + 1) / (n + 2) and not 1, as Platt (1999) does, and the others share the rest; n counts
    the label's pictures.
    """
    logits, label_index = validation.logits, validation.label_index
    classes = logits.shape[1]
    counts = np.bincount(label_index, minlength=classes)[label_index, np.newaxis]
    rest = 1 / (counts + 2)
    target = np.where(np.eye(classes)[label_index] == 1, 1 - rest, rest / (classes - 1))
    candidates = np.geomspace(_LEAST_TEMPERATURE, _MOST_TEMPERATURE, 401)
    losses = [
        -(target * np.log(softmax(logits / candidate) + 1e-300)).sum(axis=1).mean()
        for candidate in candidates
    ]
    return float(candidates[int(np.argmin(losses))])


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Where the true share lies with 95 % confidence (Wilson 1927), 0 to 1."""
    z = 1.959964
    share = right / count
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * math.sqrt(share * (1 - share) / count + (z / count) ** 2 / 4)
    return max(0.0, centre - half), min(1.0, centre + half)


def _held_out(label_index: LabelIndex, folds: int) -> Iterator[npt.NDArray[np.bool_]]:
    """One mask per fold; every label is dealt out evenly, always in the same way."""
    shuffled = np.random.default_rng(0).permutation(len(label_index))
    by_label = shuffled[np.argsort(label_index[shuffled], kind="stable")]
    fold = np.empty(len(label_index), dtype=np.int64)
    fold[by_label] = np.arange(len(label_index)) % folds
    for index in range(folds):
        yield fold == index


def _unseen_loss(
    pictures: PictureViews, label_index: LabelIndex, classes: int, shrinkage: float
) -> float:
    """Cross-entropy of held-out pictures, each label counting the same."""
    loss = np.zeros(len(pictures))
    for held_out in _held_out(label_index, _INNER_FOLDS):
        learnt = ~held_out
        head = fitted_head(*_rows(pictures[learnt], label_index[learnt]), classes, shrinkage)
        read = softmax(head.logits(pictures[held_out, 0]))
        loss[held_out] = -np.log(read[np.arange(len(read)), label_index[held_out]] + 1e-300)
    return float(np.mean([loss[label_index == label].mean() for label in range(classes)]))


def _rows(
    pictures: PictureViews, label_index: LabelIndex
) -> tuple[npt.NDArray[np.float64], LabelIndex]:
    """Every view as a row of its own, with its picture's label."""
    views = pictures.shape[1]
    return pictures.reshape(-1, pictures.shape[2]), np.repeat(label_index, views)
