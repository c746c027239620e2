"""Pseudo-labels: the pain formula, and a file that belongs to its faces."""

import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import ConfigurationError, DatasetError
from core.training.datasets import Split, load_fer2013
from core.training.pseudo_labels import (
    face_landmarker,
    load_pseudo_labels,
    pspi,
    write_pseudo_labels,
)
from tests.core.training.pain.tiny_pain_data import write_tiny_pseudo_labels
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

NAMES = ("browDownLeft", "browDownRight", "eyeSquintLeft", "mouthUpperUpLeft", "eyeBlinkLeft",
         "mouthSmileLeft")  # fmt: skip
ORDINARY = np.tile(np.linspace(0, 1, 101, dtype=np.float32)[:, np.newaxis], (1, len(NAMES)))
"""Every shape's median is 0.5 and its 99th percentile 0.99."""


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        pytest.param([0.5] * 6, 0.0, id="an ordinary face"),
        pytest.param([0] * 6, 0.0, id="less than ordinary counts as ordinary"),
        pytest.param([1, 1, 1, 1, 1, 0], 4.0, id="all four at their strongest"),
        pytest.param([1, 1, 1, 1, 1, 1], 2.5, id="a smile counts against"),
        pytest.param([1, 0, 0, 0, 0, 0], 0.0, id="one brow alone is the mean of both"),
        pytest.param([0, 0, 0.745, 0, 0, 0], 0.5, id="half way to the strongest"),
    ],
)
def test_pspi_of_blendshapes(shapes, expected):
    scores = pspi(np.array([shapes], np.float32), NAMES, ORDINARY)
    assert scores == pytest.approx([expected], abs=1e-3)


def test_what_is_written_is_read_for_the_same_faces(tmp_path: Path):
    data = write_tiny_fer2013(tmp_path / "tiny.npz")
    path = write_tiny_pseudo_labels(data, tmp_path / "pseudo.npz")
    faces = load_fer2013(data, Split.PUBLIC)
    labels = load_pseudo_labels(path, Split.PUBLIC, faces)
    assert len(labels) == len(faces) == 35
    assert 2 <= (~labels.found).sum() <= 4
    assert not labels.blendshapes[~labels.found].any()
    assert not labels.pspi[~labels.found].any()
    assert labels.pspi[labels.found].std() > 0.1
    assert [path.name for path in tmp_path.iterdir() if "writing" in path.name] == []


def test_labels_of_other_faces_are_refused(tmp_path: Path):
    data = write_tiny_fer2013(tmp_path / "tiny.npz")
    path = write_tiny_pseudo_labels(data, tmp_path / "pseudo.npz")
    faces = load_fer2013(data, Split.PUBLIC)
    with pytest.raises(DatasetError, match="of other faces"):
        load_pseudo_labels(path, Split.PUBLIC, faces.select(slice(None, None, -1)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "no pseudo-labels", id="missing"),
        pytest.param(b"PK\x03\x04 cut short", "not a file that", id="truncated"),
        pytest.param("other arrays", "not a file that", id="other arrays"),
    ],
)
def test_a_wrong_file_is_said(tmp_path: Path, content, said):
    faces = load_fer2013(write_tiny_fer2013(tmp_path / "tiny.npz"), Split.PUBLIC)
    path = tmp_path / "pseudo.npz"
    if content == "other arrays":
        np.savez(path, images=np.zeros(3))
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        load_pseudo_labels(path, Split.PUBLIC, faces)


def test_a_teacher_that_sees_nothing_is_said_and_nothing_is_written(tmp_path: Path):
    data, out = write_tiny_fer2013(tmp_path / "tiny.npz"), tmp_path / "pseudo.npz"
    with pytest.raises(DatasetError, match="found no face"):
        write_pseudo_labels(data, out, lambda image: None, lambda line: None)
    assert not out.exists()


def test_a_missing_teacher_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(ConfigurationError, match="requirements-teacher"), face_landmarker():
        pass
