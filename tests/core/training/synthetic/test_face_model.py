from pathlib import Path

import numpy as np
import pytest

from core.errors import DatasetError
from core.training.synthetic.action_units import ACTION_UNITS, ExpressionPose
from core.training.synthetic.face_model import Part, load_face_model


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no face model at"):
        load_face_model(tmp_path / "absent.npz")


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"PK\x03\x04 half an archive"], ids=["empty", "text", "torn"]
)
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="is not the face model"):
        load_face_model(path)


def test_another_npz_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", images=np.zeros(3))
    with pytest.raises(DatasetError, match="is not the face model"):
        load_face_model(tmp_path / "other.npz")


def test_every_action_unit_moves_the_face(face_model_path: Path) -> None:
    model = load_face_model(face_model_path)
    for unit in ACTION_UNITS:
        moved = model.offset(ExpressionPose({unit: 1.0}, {unit: 1.0}).shape_weights())
        assert np.abs(moved).max() > 0.2, unit


def test_an_open_jaw_lowers_the_chin(face_model_path: Path) -> None:
    model = load_face_model(face_model_path)
    chin = model.landmarks[8]
    assert model.offset({"jawOpen": 1.0})[chin, 1] < -1
    assert all(len(model.triangles(part)) for part in Part)
