"""From pictures on disk to examples, with every bad one named."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from core.errors import DatasetError, PhotoError
from core.teaching.examples import ExampleReader
from core.teaching.folders import lesson_from_folders
from core.vision.detectors import build_detector
from tests.support import pictures
from tests.support.expressions import posed


@pytest.fixture(scope="module")
def reader() -> ExampleReader:
    """With the real detectors."""
    return ExampleReader(build_detector)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures of each of two labels."""
    for label in ("happy", "neutral"):
        (tmp_path / label).mkdir()
        for seed in range(2):
            (tmp_path / label / f"{label}{seed}.jpg").write_bytes(posed(label, seed))
    return tmp_path


def test_a_folder_per_label(folder: Path, reader: ExampleReader) -> None:
    (folder / ".hidden").mkdir()
    (folder / "happy" / ".DS_Store").write_bytes(b"\0")
    lesson, skipped = lesson_from_folders(folder, reader)
    assert lesson.labels == ("happy", "neutral")
    assert [example.name for example in lesson.of("happy")] == ["happy0.jpg", "happy1.jpg"]
    assert skipped == ()


BAD = {
    "text renamed": ("diary.jpg", pictures.text, "“diary.jpg” is not a picture"),
    "cut short": ("half.jpg", pictures.cut_short, "“half.jpg” is damaged or incomplete"),
    "empty": ("nothing.png", bytes, "“nothing.png” is empty"),
    "bomb": ("huge.png", pictures.bomb, "“huge.png” is too large"),
    "nobody": ("view.png", pictures.landscape, "No face was found in “view.png”"),
    "twice": ("again.jpg", lambda: posed("happy", 0), "is there already"),
}


@pytest.mark.parametrize(("name", "make", "sentence"), BAD.values(), ids=BAD)
def test_a_picture_that_cannot_be_used_is_named_and_stops_no_other(
    folder: Path, reader: ExampleReader, name: str, make, sentence: str
) -> None:
    (folder / "happy" / name).write_bytes(make())
    lesson, (said,) = lesson_from_folders(folder, reader)
    assert said.startswith("happy: ")
    assert sentence in said
    assert len(lesson.of("happy")) == len(lesson.of("neutral")) == 2


def test_a_picture_under_two_labels_is_left_out_of_both(
    folder: Path, reader: ExampleReader
) -> None:
    shutil.copy(folder / "happy/happy0.jpg", folder / "neutral/copy.jpg")
    lesson, skipped = lesson_from_folders(folder, reader)
    assert len(lesson.of("happy")) == 1
    assert len(lesson.of("neutral")) == 2
    assert len(skipped) == 2
    assert all("left out of both" in sentence for sentence in skipped)


def test_of_several_faces_the_largest_is_taken(reader: ExampleReader) -> None:
    example = reader.read(pictures.two_people(), "two.webp")
    assert example.note == "2 faces; the largest was taken"
    alone = reader.read(pictures.portrait(), "one.jpg")
    assert alone.note == ""


def test_a_face_that_is_too_dark_is_not_learnt_from(reader: ExampleReader) -> None:
    dark = Image.open(io.BytesIO(pictures.portrait())).point(lambda value: value // 14)
    buffer = io.BytesIO()
    dark.save(buffer, "PNG")
    with pytest.raises(PhotoError, match=r"(too dark|No face)"):
        reader.read(buffer.getvalue(), "night.png")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(shutil.rmtree, "There is no folder", id="no folder"),
        pytest.param(lambda f: shutil.rmtree(f / "happy"), "At least two", id="one label"),
        pytest.param(lambda f: (f / "pain").mkdir(), "“pain” holds no picture", id="empty label"),
        pytest.param(lambda f: (f / "[x]").mkdir(), "cannot be the name", id="no name"),
    ],
)
def test_a_folder_that_cannot_be_taught(folder: Path, reader: ExampleReader, spoil, said) -> None:
    spoil(folder)
    with pytest.raises(DatasetError, match=said):
        lesson_from_folders(folder, reader)
