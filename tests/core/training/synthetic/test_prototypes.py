import numpy as np
import pytest

from core.training.synthetic.prototypes import (
    LEAST_PAIN_PSPI,
    PAIN,
    PROTOTYPES,
    RENDERED_LABELS,
    draw_pose,
)

DRAWS = 60


def poses(label: str, seed: int = 0):
    random = np.random.default_rng(seed)
    return [draw_pose(label, random) for _ in range(DRAWS)]


def test_every_label_has_a_prototype() -> None:
    assert {prototype.label for prototype in PROTOTYPES} == set(RENDERED_LABELS)


def test_the_same_seed_draws_the_same_poses() -> None:
    assert poses(PAIN, 3) == poses(PAIN, 3)
    assert poses(PAIN, 3) != poses(PAIN, 4)


def test_pain_is_always_strong_enough_to_be_called_so() -> None:
    assert min(pose.pspi() for pose in poses(PAIN)) >= LEAST_PAIN_PSPI


@pytest.mark.parametrize(
    ("label", "unit"),
    [("angry", "AU4"), ("disgust", "AU9"), ("fear", "AU5"), ("happy", "AU12"), ("sad", "AU15"),
     ("surprise", "AU2"), (PAIN, "AU4")],
)  # fmt: skip
def test_the_leading_action_unit_is_always_there(label: str, unit: str) -> None:
    assert min(pose.strength(unit) for pose in poses(label)) > 0.2


@pytest.mark.parametrize(
    ("label", "unit"),
    [("happy", "AU43"), ("sad", "AU43"), ("neutral", "AU43"), ("disgust", "AU10"), ("happy", "AU7"),
     ("angry", "AU7")],
)  # fmt: skip
def test_other_labels_share_parts_of_pain(label: str, unit: str) -> None:
    assert max(pose.strength(unit) for pose in poses(label)) > 0.5
