from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import TableError
from core.tables.new_file import new_file


def test_it_is_there_once_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with new_file(path) as part:
        part.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("older")
    with pytest.raises(UnicodeEncodeError), new_file(path) as part:
        part.write_text("half" * 1000 + "\udc80")
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(TableError, match="disk is full"),
        new_file(tmp_path / "a.csv"),
        Path("/dev/full").open("w") as full,
    ):
        full.write("never")
    assert list(tmp_path.iterdir()) == []
