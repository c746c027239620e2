"""Where marked copies are written: never over an original."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.batch.copies import annotated_paths
from core.batch.folder import find_files
from core.errors import ConfigurationError
from tests.core.batch.test_folder import put


def copies_of(*given: Path, folder: Path) -> list[str]:
    copies = annotated_paths(find_files(given).files, folder)
    return [str(copy.relative_to(folder)) for copy in copies.values()]


def test_copies_lie_as_the_originals_do(tmp_path: Path) -> None:
    put(tmp_path, "in/a.jpg", "in/sub/b.mp4", "c.jpg")
    copies = copies_of(tmp_path / "in", tmp_path / "c.jpg", folder=tmp_path / "out")
    assert copies == ["in/a.jpg", "in/sub/b.mp4", "c.jpg"]


def test_other_formats_keep_their_suffix_before_the_new_one(tmp_path: Path) -> None:
    put(tmp_path, "in/a.png", "in/b.JPG", "in/c.mov")
    copies = copies_of(tmp_path / "in", folder=tmp_path / "out")
    assert copies == ["in/a.png.jpg", "in/b.jpg", "in/c.mov.mp4"]


def test_no_two_copies_get_one_name(tmp_path: Path) -> None:
    put(tmp_path, "x/in/a.jpg", "y/in/a.jpg", "y/in/a (2).jpg")
    copies = copies_of(tmp_path / "x/in", tmp_path / "y/in", folder=tmp_path / "out")
    assert copies == ["in/a.jpg", "in/a (2).jpg", "in/a (3).jpg"]


@pytest.mark.parametrize("folder", [".", "linked"])
def test_originals_are_never_overwritten(tmp_path: Path, folder: str) -> None:
    put(tmp_path, "in/a.jpg")
    (tmp_path / "linked").symlink_to(tmp_path)
    with pytest.raises(ConfigurationError, match="would replace the originals"):
        copies_of(tmp_path / "in", folder=tmp_path / folder)
