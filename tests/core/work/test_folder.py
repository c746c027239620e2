"""The folder for videos: what one server leaves, the next one erases."""

from __future__ import annotations

import stat
from pathlib import Path

from core.work.folder import WorkFolder, erase


def test_only_this_user_can_look_into_it(tmp_path: Path) -> None:
    folder = WorkFolder(tmp_path / "data/work").new_folder()
    for path in (folder, folder.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_what_is_left_goes_at_the_next_start(tmp_path: Path) -> None:
    before = WorkFolder(tmp_path)
    before.open()
    (before.new_folder() / "video").write_bytes(b"somebody")
    (tmp_path / "stray").touch()
    before.close()
    now = WorkFolder(tmp_path)
    now.open()
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
    now.close()


def test_two_servers_leave_each_other_alone(tmp_path: Path) -> None:
    first, second = WorkFolder(tmp_path), WorkFolder(tmp_path)
    first.open()
    folder = first.new_folder()
    second.open()
    assert folder.exists()
    first.close()
    third = WorkFolder(tmp_path)
    third.open()
    assert folder.exists()
    second.close()
    third.close()
    third.open()
    assert not folder.exists()
    third.close()


def test_erasing_does_not_follow_links(tmp_path: Path) -> None:
    kept = tmp_path / "kept/file"
    kept.parent.mkdir()
    kept.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(kept.parent)
    erase(folder)
    (tmp_path / "link").symlink_to(kept.parent)
    erase(tmp_path / "link")
    erase(tmp_path / "nothing")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert kept.exists()
