from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigurationError
from core.training.synthetic.dataset import RenderedFaces
from core.training.synthetic.prototypes import LEAST_PAIN_PSPI, PAIN, RENDERED_LABELS
from tests.support.rendering import synthetic

Render = Callable[[int, int], RenderedFaces]
FACES_PER_PERSON = 8
COUNT = 40


def test_the_same_seed_gives_the_same_pixels(render: Render, once_rendered: Render) -> None:
    first, second = once_rendered(6, 5), render(6, 5)
    assert np.array_equal(first.images, second.images)
    assert np.array_equal(first.action_units, second.action_units)


def test_another_seed_gives_other_people(once_rendered: Render) -> None:
    first, second = once_rendered(6, 5), once_rendered(16, 2)
    assert not set(first.identity) & set(second.identity)
    assert not np.array_equal(first.images, second.images[:6])


def test_labels_agree_with_the_action_units(once_rendered: Render) -> None:
    faces = once_rendered(COUNT, 1)
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


def test_pictures_show_something_in_the_middle(once_rendered: Render) -> None:
    faces = once_rendered(16, 2)
    assert faces.images.shape == (16, 48, 48)
    assert (faces.images[:, 12:36, 12:36].std(axis=(1, 2)) > 2).all()


@pytest.mark.usefixtures("once_rendered")
@pytest.mark.parametrize(("count", "seed"), [(0, 1), (4, -1), (4, 50_000)])
def test_numbers_out_of_range_are_refused(
    face_model_path: Path, tmp_path: Path, count: int, seed: int
) -> None:
    out = tmp_path / "faces.npz"
    numbers = ("--faces", str(count), "--seed", str(seed))
    done = synthetic("render", "--face-model", str(face_model_path), "--out", str(out), *numbers)
    assert (done.returncode, out.exists()) == (1, False)
    assert "at least one face and a seed" in done.stderr


def test_a_process_with_tensorflow_is_refused_before_it_crashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("moderngl", reason="moderngl is not installed")
    from core.training.synthetic.opengl import Stage

    monkeypatch.setitem(sys.modules, "tensorflow", sys)
    with pytest.raises(ConfigurationError, match="process of its own"):
        Stage()
