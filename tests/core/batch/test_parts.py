"""What is kept of a batch between its runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.batch.parts import Parts
from core.batch.task import ItemOutcome
from core.errors import BatchError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out.parquet.parts"


def opened(folder: Path, *, restart: bool = False) -> Parts:
    parts = Parts(folder)
    parts.open(restart=restart)
    return parts


def read_one(parts: Parts, key: str = "key") -> ItemOutcome:
    """As a file is read: its table is written, then kept."""
    table = parts.work_folder(key) / "readings.parquet"
    table.write_bytes(b"rows")
    outcome = parts.keep(key, ItemOutcome("a.jpg", 1, 1, parquet=str(table)))
    parts.drop_work(key)
    return outcome


def test_the_next_run_finds_what_was_finished(folder: Path) -> None:
    parts = opened(folder)
    outcome = read_one(parts)
    parts.close()
    parts = opened(folder)
    assert parts.finished("key") == outcome
    assert Path(outcome.parquet).read_bytes() == b"rows"
    assert parts.finished("another") is None
    parts.close()


@pytest.mark.parametrize("lost", ["key.json", "key.parquet"])
def test_half_of_it_is_nothing(folder: Path, lost: str) -> None:
    parts = opened(folder)
    read_one(parts)
    (folder / lost).unlink()
    assert parts.finished("key") is None
    parts.close()


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"colour": 1}', "3"])
def test_a_damaged_part_is_read_again(folder: Path, text: str) -> None:
    parts = opened(folder)
    read_one(parts)
    (folder / "key.json").write_text(text)
    assert parts.finished("key") is None
    parts.close()


def test_what_was_half_made_is_gone(folder: Path) -> None:
    parts = opened(folder)
    (parts.work_folder("key") / "mien.db").touch()
    parts.close()
    (folder / "work").mkdir()
    opened(folder).close()
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_a_fresh_start_keeps_nothing(folder: Path) -> None:
    parts = opened(folder)
    read_one(parts)
    parts.close()
    parts = opened(folder, restart=True)
    assert parts.finished("key") is None
    parts.close()


def test_one_run_at_a_time(folder: Path) -> None:
    first = opened(folder)
    with pytest.raises(BatchError, match="Another run"):
        opened(folder)
    first.close()
    opened(folder).close()


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BatchError, match="cannot be written"):
        opened(tmp_path / "file/out.parquet.parts")


def test_once_all_is_in_the_table_nothing_is_left(folder: Path) -> None:
    parts = opened(folder)
    read_one(parts)
    parts.remove()
    parts.close()
    assert not folder.exists()
