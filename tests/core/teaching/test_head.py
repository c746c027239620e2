"""The fit of the last layer."""

from __future__ import annotations

import numpy as np
import pytest

from core.expression.litert import softmax
from core.teaching.head import fitted_head


def _blobs(counts: tuple[int, ...], apart: float, seed: int = 0):
    random = np.random.default_rng(seed)
    label_index = np.repeat(np.arange(len(counts)), counts)
    centres = apart * np.eye(len(counts), 12)
    return centres[label_index] + random.normal(size=(len(label_index), 12)), label_index


def test_separate_labels_are_told_apart():
    views, label_index = _blobs((20, 20, 20), apart=8)
    head = fitted_head(views, label_index, 3, 0.01)
    assert (head.logits(views).argmax(axis=1) == label_index).all()


def test_it_stands_where_the_loss_is_least():
    views, label_index = _blobs((10, 14), apart=1)
    head = fitted_head(views, label_index, 2, 0.5)
    scale = (views - views.mean(axis=0)).std()
    share = np.where(label_index == 0, 1 / 20, 1 / 28)

    def loss(weights, bias):
        read = softmax(views @ weights + bias)
        entropy = -(share * np.log(read[np.arange(len(read)), label_index])).sum()
        return entropy + 0.25 * ((weights * scale) ** 2).sum()

    least = loss(head.weights, head.bias)
    random = np.random.default_rng(1)
    for _ in range(20):
        step = random.normal(size=head.weights.shape) * 0.01 / scale
        assert loss(head.weights + step, head.bias) > least - 1e-9


def test_more_shrinkage_means_smaller_weights():
    views, label_index = _blobs((10, 10), apart=2)
    sizes = [np.abs(fitted_head(views, label_index, 2, s).weights).sum() for s in (0.01, 1, 100)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 10 * sizes[2]


def test_a_label_with_many_pictures_does_not_swallow_one_with_few():
    views, label_index = _blobs((60, 5), apart=0, seed=3)
    read = softmax(fitted_head(views, label_index, 2, 100.0).logits(views))
    assert read.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.05)


def test_the_scale_of_an_embedding_changes_nothing():
    views, label_index = _blobs((10, 10), apart=2)
    small = fitted_head(views, label_index, 2, 1.0).logits(views)
    large = fitted_head(1000 * views + 50, label_index, 2, 1.0).logits(1000 * views + 50)
    assert large == pytest.approx(small, abs=1e-3)
