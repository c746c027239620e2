from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import DatasetError
from core.training.synthetic.prototypes import LEAST_PAIN_PSPI, PAIN, RENDERED_LABELS

if TYPE_CHECKING:
    from core.training.synthetic.renderer import Renderer

pytest.importorskip("moderngl", reason="moderngl is not installed")
from core.training.synthetic.generate import FACES_PER_PERSON, render_faces

COUNT = 40


def test_the_same_seed_gives_the_same_pixels(renderer: Renderer) -> None:
    first, second = (render_faces(renderer, 6, seed=5) for _ in range(2))
    assert np.array_equal(first.images, second.images)
    assert np.array_equal(first.action_units, second.action_units)


def test_another_seed_gives_other_people(renderer: Renderer) -> None:
    first, second = (render_faces(renderer, 6, seed=seed) for seed in (5, 6))
    assert not set(first.identity) & set(second.identity)
    assert not np.array_equal(first.images, second.images)


def test_labels_agree_with_the_action_units(renderer: Renderer) -> None:
    faces = render_faces(renderer, COUNT, seed=1)
    unit = dict(zip(faces.action_unit_names.tolist(), faces.action_units.T, strict=True))
    without_eyes = (
        unit["AU4"] + np.maximum(unit["AU6"], unit["AU7"]) + np.maximum(unit["AU9"], unit["AU10"])
    )
    closed = faces.pspi - without_eyes
    assert np.allclose(closed, np.round(closed), atol=1e-4)
    assert set(np.round(closed).astype(int)) == {0, 1}
    is_pain = faces.label == RENDERED_LABELS.index(PAIN)
    assert is_pain.sum() == COUNT // 5
    assert faces.pspi[is_pain].min() >= LEAST_PAIN_PSPI
    assert set(faces.label) == set(range(len(RENDERED_LABELS)))
    assert len(set(faces.identity)) == COUNT // FACES_PER_PERSON


def test_pictures_show_something_in_the_middle(renderer: Renderer) -> None:
    faces = render_faces(renderer, 16, seed=2)
    assert faces.images.shape == (16, 48, 48)
    assert (faces.images[:, 12:36, 12:36].std(axis=(1, 2)) > 2).all()


@pytest.mark.parametrize(("count", "seed"), [(0, 1), (4, -1), (4, 50_000)])
def test_numbers_out_of_range_are_refused(renderer: Renderer, count: int, seed: int) -> None:
    with pytest.raises(DatasetError, match="at least one face and a seed"):
        render_faces(renderer, count, seed)
