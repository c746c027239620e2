"""What the network is taught of real and of rendered faces."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.expression.labels import FER7
from core.training.datasets import LabelledFaces, Split, load_fer2013
from core.training.pain.batches import MixedBatches, targets_and_weights
from core.training.pain.recipe import PAIN_LABELS, PainRecipe
from core.training.pain.seen import SeenFaces, seen_faces
from core.training.pain.targets import SHAPES, UNKNOWN, PainFaces, real_faces, rendered_faces
from core.training.pseudo_labels import PseudoLabels
from core.training.synthetic.action_units import ACTION_UNITS
from core.training.synthetic.dataset import load_rendered
from tests.core.training.pain.tiny_pain_data import write_tiny_rendered
from tests.core.training.tiny_fer2013 import write_tiny_fer2013
from tests.support.sources import ROOT

NAMES = tuple(SHAPES)


def taught(label: str, pspi: float, found: bool = True, seen: str | None = "") -> float:
    """The pain target of one face; `seen` is what the eye judged, None for the teacher alone."""
    faces = LabelledFaces(
        np.zeros((1, 48, 48), np.uint8), np.array([FER7.index(label)]), np.zeros((1, 8), np.float32)
    )
    pseudo = PseudoLabels(
        np.array([found]), np.zeros((1, len(NAMES)), np.float32), NAMES, np.float32([pspi])
    )
    rows = (np.array([0] if seen == judged else [], int) for judged in ("pain", "none", "doubt"))
    judged = None if seen is None else SeenFaces(*rows)
    return float(real_faces(faces, pseudo, judged).pain[0])


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        pytest.param({"label": "sad", "pspi": 3.5, "seen": None}, 1, id="teacher: grimace"),
        pytest.param({"label": "sad", "pspi": 0.0, "seen": None}, 0, id="teacher: none"),
        pytest.param({"label": "happy", "pspi": 3.5, "seen": None}, 0, id="teacher: happy"),
        pytest.param({"label": "neutral", "pspi": 3.5, "seen": "pain"}, 0, id="eye: neutral"),
        pytest.param({"label": "fear", "pspi": 0.0, "seen": "pain"}, 1, id="eye: grimace"),
        pytest.param({"label": "angry", "pspi": 3.5, "seen": "none"}, 0, id="eye: a shout"),
        pytest.param({"label": "angry", "pspi": 3.5, "seen": "doubt"}, -1, id="eye: doubtful"),
        pytest.param({"label": "sad", "pspi": 0.0, "found": False}, -1, id="no face found"),
        pytest.param({"label": "happy", "pspi": 0.0, "found": False}, 0, id="happy, not found"),
    ],
)
def test_pain_of_a_real_face(face, expected):
    assert taught(**face) == pytest.approx(expected, abs=0.01)


def test_a_suspected_face_that_nobody_looked_at_counts_a_little():
    assert 0 < taught("sad", pspi=1.8) < 0.5


def test_rendered_faces_bring_their_own_action_units(tmp_path: Path):
    rendered = load_rendered(write_tiny_rendered(tmp_path / "rendered.npz"))
    faces = rendered_faces(rendered)
    in_pain = rendered.label == PAIN_LABELS.index("pain")
    assert faces.pain.tolist() == in_pain.astype(float).tolist()
    brow = rendered.action_units[:, ACTION_UNITS.index("AU4")]
    assert faces.shapes[:, NAMES.index("browDown")] == pytest.approx(brow / 5)


def test_what_was_seen_by_eye_holds_for_fer2013_only(tmp_path: Path):
    faces = load_fer2013(write_tiny_fer2013(tmp_path / "tiny.npz"), Split.TRAINING)
    seen = seen_faces(Split.TRAINING, faces)
    assert [len(rows) for rows in (seen.pain, seen.none, seen.doubtful)] == [0, 0, 0]


@pytest.mark.parametrize("split", [Split.TRAINING, Split.PUBLIC])
def test_no_happy_or_neutral_face_was_judged_to_be_in_pain(split):
    path = Path(os.environ.get("MIEN_FER2013", ROOT.parent / "shared/data/fer2013.npz"))
    if not path.is_file():
        pytest.skip(f"FER2013 is not at {path}; MIEN_FER2013 can name another place")
    faces = load_fer2013(path, split)
    seen = seen_faces(split, faces)
    assert len(seen.pain) > 50
    assert not np.isin(faces.label_index[seen.pain], [3, 6]).any()
    assert not set(seen.pain) & (set(seen.none) | set(seen.doubtful))


def domain(pixel: int, pains: int) -> PainFaces:
    """A hundred flat faces of one grey, of which the first are in pain."""
    pain = (np.arange(100) < pains).astype(np.float32)
    images = np.full((100, 48, 48), pixel, np.uint8)
    return PainFaces(images, pain, np.zeros((100, len(SHAPES)), np.float32))


def test_pain_is_as_common_among_rendered_as_among_real_faces():
    recipe = PainRecipe(batch_size=400, rendered_share=0.5, pain_share=0.3, worst_degradation=0)
    batches = MixedBatches(domain(100, pains=2), domain(200, pains=60), recipe, 0)
    _, targets, _ = batches[0]
    real, rendered = targets["pain"][:200, 0], targets["pain"][200:, 0]
    # The rest of each part is drawn as the faces come: 30 % + 70 % of their own share.
    assert real.mean() == pytest.approx(0.3 + 0.7 * 0.02, abs=0.08)
    assert rendered.mean() == pytest.approx(0.3 + 0.7 * 0.6, abs=0.08)


def test_batches_repeat_themselves_and_differ_by_epoch():
    recipe = PainRecipe(batch_size=16)
    faces = PainFaces(
        np.random.default_rng(0).integers(0, 256, (40, 48, 48), dtype=np.uint8),
        np.zeros(40, np.float32),
        np.zeros((40, len(SHAPES)), np.float32),
    )
    first, again, later = (MixedBatches(faces, faces, recipe, epoch)[0][0] for epoch in (0, 0, 1))
    assert first.shape == (16, 48, 48, 1)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, later)


def test_what_is_unknown_of_pain_weighs_nothing():
    pain = np.array([0, 1, UNKNOWN], np.float32)
    targets, weights = targets_and_weights(pain, np.zeros((3, len(SHAPES)), np.float32))
    assert targets["pain"][:, 0].tolist() == [0, 1, 0]
    assert weights["pain"].tolist() == [1, 1, 0]
    assert weights["shapes"].tolist() == [1, 1, 1]
