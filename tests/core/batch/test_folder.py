"""Which files are read, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.batch.folder import Found, find_files
from core.batch.task import ItemKind


def put(root: Path, *names: str) -> Path:
    """Empty files of these names below the folder."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root


def names_of(found: Found, root: Path) -> list[str]:
    return [str(file.path.relative_to(root)) for file in found.files]


def sentences_of(found: Found) -> dict[str, str]:
    return {Path(one.path).name: one.problem for one in found.problems}


def test_a_folder_is_read_to_its_depth_in_a_steady_order(tmp_path: Path) -> None:
    put(tmp_path, "b.jpg", "a.PNG", "z/c.mp4", "d/e/f.webp", "d/a.mov", "notes.txt", "d/data.csv")
    found = find_files([tmp_path])
    assert names_of(found, tmp_path) == ["a.PNG", "b.jpg", "d/a.mov", "d/e/f.webp", "z/c.mp4"]
    assert [file.kind for file in found.files] == [
        ItemKind.PICTURE,
        ItemKind.PICTURE,
        ItemKind.VIDEO,
        ItemKind.PICTURE,
        ItemKind.VIDEO,
    ]
    assert found.others == 2
    assert found.problems == ()


def test_hidden_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, ".a.jpg", ".thumbs/b.jpg", "c.jpg")
    found = find_files([tmp_path])
    assert names_of(found, tmp_path) == ["c.jpg"]
    assert found.others == 0
    assert names_of(find_files([tmp_path / ".thumbs"]), tmp_path) == [".thumbs/b.jpg"]


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path, "a/b/c.jpg")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = find_files([tmp_path])
    assert names_of(found, tmp_path) == ["a/b/c.jpg"]


def test_linked_folders_are_read(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.jpg", "here/b.jpg")
    (tmp_path / "here/more").symlink_to(tmp_path / "elsewhere")
    found = find_files([tmp_path / "here"])
    assert names_of(found, tmp_path) == ["here/b.jpg", "here/more/a.jpg"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    given = [tmp_path / "b.jpg", tmp_path, tmp_path / ".." / tmp_path.name / "a.jpg", tmp_path]
    assert names_of(find_files(given), tmp_path) == ["b.jpg", "a.jpg"]


def test_what_is_given_and_cannot_be_read_gets_its_sentence(tmp_path: Path) -> None:
    put(tmp_path, "letter.txt")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "dangling.jpg").symlink_to(tmp_path / "gone")
    given = ["letter.txt", "pipe.jpg", "dangling.jpg", "nowhere.jpg"]
    found = find_files([tmp_path / name for name in given])
    assert found.files == ()
    assert {name: sentence[:24] for name, sentence in sentences_of(found).items()} == {
        "letter.txt": "It is neither a picture ",
        "pipe.jpg": "It is neither a picture ",
        "dangling.jpg": "It cannot be opened: it ",
        "nowhere.jpg": "There is no such file or",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may open everything")
def test_a_folder_that_may_not_be_opened_is_named(tmp_path: Path) -> None:
    put(tmp_path, "closed/a.jpg", "open/b.jpg")
    (tmp_path / "closed").chmod(0)
    found = find_files([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert names_of(found, tmp_path) == ["open/b.jpg"]
    assert list(sentences_of(found)) == ["closed"]


def test_what_is_written_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "marked/a.jpg", "out.parquet.parts/work/b.jpg", "out.parquet")
    out = tmp_path / "out.parquet"
    found = find_files([tmp_path], [out, tmp_path / "out.parquet.parts", tmp_path / "marked"])
    assert names_of(found, tmp_path) == ["a.jpg"]
    assert found.others == 0


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jpg")
    path.touch()
    assert [file.path for file in find_files([tmp_path]).files] == [path]
