"""One file, read in this process: what came of it, good or bad."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.batch.item import read_item
from core.batch.picture import LARGEST_BYTES
from core.batch.task import ItemKind, ItemTask
from core.batch.video import CancelledError, VideoOptions
from core.errors import ModelError, TableError
from core.monitoring.settings import AnalysisSettings
from core.tables.parquet_table import read_rows
from tests.support.pictures import bomb, landscape, two_people

ROOT = Path(__file__).parents[3]
CLIP = ROOT / "app/assets/demo_face.mp4"
OPTIONS = VideoOptions(AnalysisSettings(), samples_per_s=0.5)


def task(path: Path, folder: Path, models: Path = ROOT / "models") -> ItemTask:
    kind = ItemKind.VIDEO if path.suffix == ".mp4" else ItemKind.PICTURE
    return ItemTask(str(path), kind, str(folder), OPTIONS, str(models))


def test_each_face_of_a_picture_is_a_row(tmp_path: Path) -> None:
    picture = tmp_path / "two.webp"
    picture.write_bytes(two_people())
    outcome = read_item(task(picture, tmp_path))
    assert (outcome.faces, outcome.rows, outcome.problem) == (2, 2, "")
    left, right = read_rows(Path(outcome.parquet))
    assert [row.person for row in (left, right)] == [1, 2]
    assert left.source == right.source == str(picture)
    assert left.box_xyxy_px is not None
    assert right.box_xyxy_px is not None
    assert left.box_xyxy_px[0] < right.box_xyxy_px[0]


def test_pain_is_read_beside_and_empty_where_that_model_is_missing(tmp_path: Path) -> None:
    face = ROOT / "tests/faces/pain.jpg"
    (row,) = read_rows(Path(read_item(task(face, tmp_path)).parquet))
    assert row.pain is not None
    assert row.pain >= 0.5
    shutil.copytree(ROOT / "models/mien7", tmp_path / "models/mien7")
    (row,) = read_rows(Path(read_item(task(face, tmp_path, tmp_path / "models")).parquet))
    assert row.pain is None
    assert row.reading is not None


def test_a_picture_without_anybody_is_a_row_too(tmp_path: Path) -> None:
    picture = tmp_path / "nobody.png"
    picture.write_bytes(landscape())
    outcome = read_item(task(picture, tmp_path))
    assert (outcome.faces, outcome.rows, outcome.problem) == (0, 1, "")
    (row,) = read_rows(Path(outcome.parquet))
    assert (row.person, row.problem) == (None, "No face was found.")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("bomb.png", bomb(), "too large", id="decompression bomb"),
        pytest.param("empty.jpg", b"", "is empty", id="empty"),
        pytest.param("gone.jpg", None, "cannot be opened", id="gone meanwhile"),
        pytest.param("letter.mp4", b"Dear diary,", "not a video", id="no video"),
        pytest.param("gone.mp4", None, "gone.mp4", id="video gone meanwhile"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_outcome(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (tmp_path / "work").mkdir()
    outcome = read_item(task(path, tmp_path / "work"))
    assert said in outcome.problem
    assert (outcome.faces, outcome.rows, outcome.parquet) == (0, 0, "")
    assert list((tmp_path / "work").iterdir()) == []


def test_a_video_that_breaks_off_keeps_what_was_read_of_it(tmp_path: Path) -> None:
    whole = CLIP.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "work").mkdir()
    outcome = read_item(task(path, tmp_path / "work"))
    assert outcome.problem
    assert 0 < outcome.rows < 10
    assert len(list(read_rows(Path(outcome.parquet)))) == outcome.rows


def test_a_giant_file_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "giant.jpg"
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    assert "too large" in read_item(task(path, tmp_path)).problem


def test_what_every_file_would_meet_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        read_item(task(ROOT / "tests/faces/happy.jpg", tmp_path, models=tmp_path))
    with pytest.raises(TableError):
        read_item(task(ROOT / "tests/faces/happy.jpg", tmp_path / "missing"))


def test_cancelled_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        read_item(task(CLIP, tmp_path), cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []
