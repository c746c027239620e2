from __future__ import annotations

from pathlib import Path

import pytest

from app.video.server_videos import server_video, server_videos
from core.errors import VideoError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Videos inside, and beside it one that must not be reached."""
    inside = tmp_path / "videos"
    (inside / "2026" / "May").mkdir(parents=True)
    (inside / ".hidden").mkdir()
    for name in ("b.mp4", "A.MOV", "2026/May/party.mkv", "notes.txt", ".hidden/x.mp4", ".y.mp4"):
        (inside / name).touch()
    (tmp_path / "secret.mp4").touch()
    (inside / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    (inside / "links").symlink_to(tmp_path)
    return inside


def test_videos_and_nothing_else_by_name(folder: Path) -> None:
    assert list(server_videos(folder)) == ["2026/May/party.mkv", "A.MOV", "b.mp4"]


def test_without_the_folder_there_are_none(tmp_path: Path) -> None:
    assert server_videos(tmp_path / "missing") == {}


def test_a_name_leads_to_its_file(folder: Path) -> None:
    path = server_video(folder, "2026/May/party.mkv")
    assert path == (folder / "2026/May/party.mkv").resolve()


@pytest.mark.parametrize(
    "name",
    ["../secret.mp4", "link.mp4", "links/secret.mp4", "/etc/passwd", "", "notes.txt"],
    ids=["above", "a link", "a linked folder", "elsewhere", "nothing", "no video"],
)
def test_no_way_leads_out_of_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(VideoError, match="not in the folder"):
        server_video(folder, name)
