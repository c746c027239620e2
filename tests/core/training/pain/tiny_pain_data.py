"""Pseudo-labels and rendered faces in miniature, for faces of noise."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from core.training.pain.recipe import PAIN_LABELS
from core.training.pseudo_labels import PAIN_SHAPES, write_pseudo_labels
from core.training.synthetic.action_units import ACTION_UNITS
from core.training.synthetic.dataset import RenderedFaces, save_rendered

SHAPE_NAMES = (*(f"{shape}{side}" for shape in PAIN_SHAPES for side in ("Left", "Right")),)
OTHER_NAMES = (
    "browInnerUp", "browOuterUpLeft", "eyeWideLeft", "cheekSquintLeft", "noseSneerLeft",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthLowerDownLeft",
    "mouthStretchLeft", "mouthPressLeft", "jawOpen",
)  # fmt: skip


class NoisyTeacher:
    """Sees no face in every tenth picture, and something random in the others."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)
        self._seen = 0

    def __call__(self, image_grey: np.ndarray) -> Mapping[str, float] | None:
        self._seen += 1
        if self._seen % 10 == 0:
            return None
        names = (*SHAPE_NAMES, *OTHER_NAMES)
        return dict(zip(names, self._random.random(len(names)).tolist(), strict=True))


def write_tiny_pseudo_labels(data: Path, out: Path) -> Path:
    write_pseudo_labels(data, out, NoisyTeacher(), lambda line: None)
    return out


def write_tiny_rendered(out: Path, seed: int = 0) -> Path:
    """Eighty faces of noise, ten of each label; pain has a dark bar."""
    random = np.random.default_rng(seed)
    label = np.arange(80) % len(PAIN_LABELS)
    images = random.integers(60, 200, (80, 48, 48), dtype=np.uint8)
    images[label == PAIN_LABELS.index("pain"), 10:16] = 0
    faces = RenderedFaces(
        images=images,
        label=label.astype(np.uint8),
        label_names=np.array(PAIN_LABELS),
        pspi=np.zeros(80, np.float32),
        action_units=random.uniform(0, 5, (80, len(ACTION_UNITS))).astype(np.float32),
        action_unit_names=np.array(ACTION_UNITS),
        identity=np.arange(80, dtype=np.int32),
        credit=np.array("noise"),
    )
    save_rendered(faces, out)
    return out
