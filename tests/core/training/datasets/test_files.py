"""`fer2013.csv`, any npz, and files that are neither."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import DatasetError
from core.expression.labels import FER7
from core.training.datasets import Framing, Split, joined, load, load_fer2013
from tests.core.training.tiny_fer2013 import write_tiny_fer2013

PIXELS = " ".join(str(n % 256) for n in range(48 * 48))
USAGES = ["Training"] * 6 + ["PublicTest"] * 2 + ["PrivateTest"] * 2


def csv(*rows: str, heading: str = "emotion,pixels,Usage") -> str:
    return "\n".join([heading, *rows, ""])


GOOD = [f"{number % 7},{PIXELS},{usage}" for number, usage in enumerate(USAGES)]


def test_fer2013_csv_has_the_official_splits(tmp_path: Path) -> None:
    (tmp_path / "fer2013.csv").write_text(csv(*GOOD))
    dataset = load(tmp_path / "fer2013.csv", cache_folder=tmp_path / "cache")
    assert [len(dataset[split]) for split in Split] == [6, 2, 2]
    assert dataset[Split.TRAINING].labels == FER7
    assert dataset[Split.PRIVATE].label_index.tolist() == [1, 2]
    assert dataset[Split.TRAINING].images_grey[0, 1, :3].tolist() == [48, 49, 50]
    assert dataset.report.notes == ()


def test_a_csv_without_usage_is_split_by_chance(tmp_path: Path) -> None:
    rows = [f'{number % 2},"{PIXELS}"' for number in range(20)]
    (tmp_path / "train.csv").write_text(csv(*rows, heading="emotion, pixels"))
    dataset = load(tmp_path / "train.csv")
    assert [len(dataset[split]) for split in Split] == [16, 2, 2]


def test_bad_rows_are_named(tmp_path: Path) -> None:
    blank = " ".join(["7"] * 48 * 48)
    bad = ["3,1 2 3,Training", "3,one two,Training", f"3,{PIXELS[:-3]}999,Training", "3"]
    (tmp_path / "fer2013.csv").write_text(csv(*GOOD, *bad, f"3,{blank},Training"))
    report = load(tmp_path / "fer2013.csv").report
    assert [one.name for one in report.skipped] == [
        "row 11",
        "row 12",
        "row 13",
        "row 14",
        "face 10",
    ]
    assert report.taken == 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(csv(*GOOD, f"7,{PIXELS},Training"), "Row 11.*class “7”", id="unknown class"),
        pytest.param(csv(f"happy,{PIXELS},Training"), "Row 1.*class “happy”", id="a word"),
        pytest.param(csv(heading="name,age"), "lacks the columns", id="other columns"),
        pytest.param("", "lacks the columns", id="empty"),
        pytest.param(csv(), "holds no face", id="only the heading"),
        pytest.param(csv("3,1 2,Training"), "no face. Its row 1 has not 48", id="nothing good"),
        pytest.param("\x00\udcff", "cannot be read", id="not a text"),
        pytest.param(
            csv(*(f"3,{PIXELS},Training" for _ in range(9))), "label “happy”", id="one class"
        ),
    ],
)
def test_a_csv_that_cannot_be_used(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "fer2013.csv").write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(DatasetError, match=said):
        load(tmp_path / "fer2013.csv")


def test_the_projects_own_npz_keeps_its_votes(tmp_path: Path) -> None:
    path = write_tiny_fer2013(tmp_path / "tiny.npz")
    dataset = load(path)
    for split in Split:
        assert np.array_equal(dataset[split].votes, load_fer2013(path, split).votes)
        assert np.array_equal(dataset[split].images_grey, load_fer2013(path, split).images_grey)
    assert [one.name for one in dataset.report.skipped] == ["face 0"]


IMAGES = np.random.default_rng(0).integers(0, 256, (30, 64, 64), np.uint8)
LABELLED = {
    "images": IMAGES,
    "label": np.arange(30) % 3,
    "label_names": np.array(["neutral", "Happy", "pain"]),
}


def test_an_npz_of_ones_own(tmp_path: Path) -> None:
    persons = np.repeat(["ann", "bob", "cem"], 10)
    np.savez(tmp_path / "own.npz", **LABELLED, person=persons)
    dataset = load(tmp_path / "own.npz")
    training = dataset[Split.TRAINING]
    assert training.labels == ("neutral", "happy", "pain")
    assert training.images_grey.shape == (10, 48, 48)
    assert load(tmp_path / "own.npz", Framing(96))[Split.TRAINING].images_grey.shape[1] == 64
    assert "person by person" in dataset.report.notes[0]


@pytest.mark.parametrize(
    "usage",
    [
        pytest.param(np.repeat([0, 1, 2], 10), id="numbers"),
        pytest.param(np.repeat(["Training", "val", "test"], 10), id="words"),
    ],
)
def test_splits_of_an_npz_are_kept(tmp_path: Path, usage: np.ndarray) -> None:
    np.savez(tmp_path / "own.npz", **LABELLED, split=usage)
    dataset = load(tmp_path / "own.npz")
    assert dataset.report.notes == ()
    assert [len(dataset[split]) for split in Split] == [10, 10, 10]


def test_coloured_pictures_become_grey(tmp_path: Path) -> None:
    coloured = np.zeros((30, 48, 48, 3), np.uint8)
    coloured[..., 0] = 200  # Red, which weighs 0.299 in ITU-R BT.601.
    np.savez(tmp_path / "own.npz", **{**LABELLED, "images": coloured})
    assert set(np.unique(load(tmp_path / "own.npz")[Split.TRAINING].images_grey)) == {60}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"label": np.full(30, 3)}, "has the class 3", id="class without a name"),
        pytest.param({"label": np.full(30, -1)}, "has the class -1", id="negative class"),
        pytest.param({"label": np.arange(29)}, "one whole number for each", id="too few labels"),
        pytest.param({"label": np.ones(30)}, "one whole number for each", id="broken numbers"),
        pytest.param({"label": np.zeros(30, int)}, "label “neutral”", id="one class"),
        pytest.param({"images": IMAGES / 255}, "not uint8", id="floats"),
        pytest.param({"images": IMAGES[0]}, "not uint8", id="one picture"),
        pytest.param({"images": IMAGES[..., None].repeat(4, 3)}, "4 colours", id="four colours"),
        pytest.param({"person": np.array(["ann"])}, "one name for each", id="too few persons"),
        pytest.param({"usage": np.full(30, 9)}, "the value “9”", id="unknown split"),
        pytest.param({"label": np.array([{}] * 30)}, "not an npz|no npz|not one", id="pickle"),
    ],
)
def test_an_npz_that_cannot_be_used(tmp_path: Path, changes, said: str) -> None:
    np.savez(tmp_path / "own.npz", **{**LABELLED, **changes})
    with pytest.raises(DatasetError, match=said):
        load(tmp_path / "own.npz")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("faces.npz", None, "no data file or folder at", id="missing"),
        pytest.param("faces.npz", b"PK\x03\x04 cut short", "not an npz", id="cut short"),
        pytest.param("faces.npz", b"", "not an npz", id="empty"),
        pytest.param("faces.zip", b"PK", "folder with a sub-folder", id="another kind"),
    ],
)
def test_a_file_that_is_none_of_them(tmp_path: Path, name, content, said) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        load(tmp_path / name)


def test_sources_are_joined_by_their_labels(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", **LABELLED, person=np.repeat(["ann", "bob", "cem"], 10))
    own = load(tmp_path / "own.npz", Framing(64))[Split.TRAINING]
    fer = load(write_tiny_fer2013(tmp_path / "tiny.npz"))[Split.TRAINING]
    both = joined([fer, own])
    assert both.labels == (*FER7, "pain")
    assert len(both) == len(fer) + len(own)
    assert both.images_grey.shape[1:] == (64, 64)
    assert both.counts()["happy"] == fer.counts()["happy"] + own.counts()["happy"]
    assert set(both.persons[: len(fer)].tolist()) == {""}
    pain = both.reading(("pain", "happy"))
    assert pain.counts() == {"pain": own.counts()["pain"], "happy": both.counts()["happy"]}
    with pytest.raises(DatasetError, match="labelled worry"):
        both.reading(("worry", "happy"))
