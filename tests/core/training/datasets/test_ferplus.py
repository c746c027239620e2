"""Which faces FERPlus's annotators agree on, by their own protocol."""

from pathlib import Path

import numpy as np
import pytest

from core.expression.labels import FERPLUS8
from core.training.datasets import Split, load_ferplus

_CASES = {
    "all ten agree": ([10, 0, 0, 0, 0, 0, 0, 0, 0, 0], "neutral"),
    "more than half": ([0, 6, 4, 0, 0, 0, 0, 0, 0, 0], "happy"),
    "half is not enough": ([0, 5, 5, 0, 0, 0, 0, 0, 0, 0], None),
    "single votes are outliers": ([1, 5, 1, 1, 1, 1, 0, 0, 0, 0], "happy"),
    "unknown counts among the rest": ([0, 0, 0, 4, 0, 0, 0, 0, 6, 0], None),
    "not a face": ([0, 0, 0, 0, 0, 0, 0, 0, 0, 10], None),
}


@pytest.mark.parametrize(("votes", "label"), _CASES.values(), ids=_CASES.keys())
def test_a_majority_vote_decides(tmp_path: Path, votes: list[int], label: str | None):
    sure = [0, 0, 0, 0, 0, 10, 0, 0, 0, 0]
    np.savez(
        tmp_path / "faces.npz",
        images=np.zeros((2, 48, 48), np.uint8),
        label=np.zeros(2, np.uint8),
        usage=np.full(2, 2, np.uint8),
        ferplus=np.array([votes, sure], np.uint8),
        ferplus_named=np.ones(2, bool),
        flag=np.zeros(2, np.uint8),
    )
    faces = load_ferplus(tmp_path / "faces.npz", Split.PRIVATE)
    found = [FERPLUS8[index] for index in faces.label_index]
    assert found == [*([label] if label else []), "disgust"]


@pytest.mark.parametrize(("named", "flag"), [(False, 0), (True, 1)], ids=["removed", "unpaired"])
def test_rows_without_votes_are_left_out(tmp_path: Path, named: bool, flag: int):
    np.savez(
        tmp_path / "faces.npz",
        images=np.zeros((1, 48, 48), np.uint8),
        label=np.zeros(1, np.uint8),
        usage=np.zeros(1, np.uint8),
        ferplus=np.array([[10, 0, 0, 0, 0, 0, 0, 0, 0, 0]], np.uint8),
        ferplus_named=np.array([named]),
        flag=np.array([flag], np.uint8),
    )
    assert len(load_ferplus(tmp_path / "faces.npz", Split.TRAINING)) == 0
