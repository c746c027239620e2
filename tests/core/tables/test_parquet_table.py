from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO
from zipfile import ZipFile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import TableError
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.tables import parquet_file, parquet_table
from core.tables.columns import COLUMN_HELP, columns
from core.tables.parquet_table import ParquetTable, labels_in, merge, read_rows
from core.tables.row import ReadingRow
from tests.support.rows import BAD_FILE, BEGIN_UTC, face_row, session_row

HALVES = ReadingRow("a.jpg", "picture", reading=Reading(("happy", "sad"), (0.5, 0.5)))
QUARTERS = ReadingRow("b.jpg", "picture", reading=Reading(("sad", "pain"), (0.25, 0.75)))


def _table(path: Path, *rows: ReadingRow, labels: tuple[str, ...] = FER7) -> Path:
    _fill(path, rows, labels)
    return path


def _fill(
    path: Path | IO[bytes], rows: Iterable[ReadingRow], labels: tuple[str, ...] = FER7
) -> None:
    with ParquetTable(path, labels) as table:
        table.add(rows)


@contextmanager
def _disk_of(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond it: a write fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    rows = [
        replace(session_row(index), reading=Reading(FER7, (0.0,) * 6 + (1.0,)))
        for index in range(3)
    ]
    path = _table(tmp_path / "a.parquet", *rows, BAD_FILE)
    assert list(read_rows(path)) == [*rows, BAD_FILE]
    assert _names(tmp_path) == ["a.parquet"]


def test_a_face_is_read_back_with_its_box_and_its_own_labels(tmp_path: Path) -> None:
    assert list(read_rows(_table(tmp_path / "a.parquet", face_row()))) == [
        replace(face_row(), reading=Reading(("happy", "sad"), (0.5, 0.5)))
    ]


def test_the_columns_have_types_and_the_file_says_what_it_is(tmp_path: Path) -> None:
    schema = pq.read_schema(_table(tmp_path / "a.parquet", session_row()))
    assert tuple(schema.names) == columns(FER7)
    assert schema.field("at_utc").type == pa.timestamp("ms", tz="UTC")
    assert schema.field("p_happy").type == pa.float32()
    assert schema.field("source").type == pa.dictionary(pa.int32(), pa.string())
    assert schema.metadata[b"mien_schema_version"] == b"1"
    assert json.loads(schema.metadata[b"mien_column_help"]) == COLUMN_HELP


def test_pandas_reads_it(tmp_path: Path) -> None:
    table = pd.read_parquet(_table(tmp_path / "a.parquet", session_row(), face_row(), BAD_FILE))
    assert table.at_utc[0] == pd.Timestamp(BEGIN_UTC)
    assert table.p_neutral.sum() == 0.75
    assert list(table.problem) == ["", "", BAD_FILE.problem]
    assert list(table.person.isna()) == [False, False, True]


def test_it_is_written_in_groups_as_the_rows_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "GROUP_ROWS", 4)
    monkeypatch.setattr(parquet_table, "_BATCH_ROWS", 2)
    path = tmp_path / "a.parquet"
    rows = [replace(BAD_FILE, source=f"{index}.mp4") for index in range(10)]
    with ParquetTable(path, FER7) as table:
        table.add(rows[:7])
        table.add(rows[7:])
    assert pq.ParquetFile(path).num_row_groups == 3
    assert list(read_rows(path)) == rows


def test_an_empty_table_is_one(tmp_path: Path) -> None:
    path = _table(tmp_path / "a.parquet")
    assert list(read_rows(path)) == []
    assert labels_in(path) == FER7


def test_tables_of_different_models_become_one(tmp_path: Path) -> None:
    parts = [
        _table(tmp_path / "a.parquet", HALVES, labels=("happy", "sad")),
        _table(tmp_path / "b.parquet", labels=("fear",)),
        _table(tmp_path / "c.parquet", QUARTERS, BAD_FILE, labels=("sad", "pain")),
    ]
    out = tmp_path / "all.parquet"
    merge(parts, out)
    assert labels_in(out) == ("happy", "sad", "fear", "pain")
    assert list(read_rows(out)) == [HALVES, QUARTERS, BAD_FILE]
    merge([out, parts[0]], out)
    assert list(read_rows(out)) == [HALVES, QUARTERS, BAD_FILE, HALVES]


def test_nothing_becomes_an_empty_table(tmp_path: Path) -> None:
    merge([], tmp_path / "all.parquet")
    assert list(read_rows(tmp_path / "all.parquet")) == []


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _one_bit_flipped(path: Path) -> None:
    kept = bytearray(path.read_bytes())
    probabilities = pq.ParquetFile(path).metadata.row_group(0).column(len(columns(FER7)) - 1)
    begin = probabilities.dictionary_page_offset
    kept[begin + probabilities.total_compressed_size - 1] ^= 1
    path.write_bytes(kept)


def _newer(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({"mien_schema_version": "2"}), path)


DAMAGES = [
    pytest.param(_cut, "is damaged", id="cut off"),
    pytest.param(_one_bit_flipped, "is damaged", id="one bit flipped"),
    pytest.param(lambda path: path.write_bytes(b""), "is damaged", id="empty"),
    pytest.param(lambda path: path.write_text("a,b\n1,2\n"), "is damaged", id="text"),
    pytest.param(lambda path: path.unlink(), "is not there", id="gone"),
    pytest.param(_newer, "is no table of readings that this version", id="newer version"),
]


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES)
def test_a_damaged_part_is_named_and_the_older_result_stays(
    tmp_path: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    good = _table(tmp_path / "good.parquet", HALVES)
    bad = _table(tmp_path / "bad.parquet", *map(session_row, range(50)))
    out = _table(tmp_path / "all.parquet", BAD_FILE)
    damage(bad)
    names = _names(tmp_path)
    with pytest.raises(TableError, match=f"“bad.parquet” {sentence}"):
        merge([good, bad], out)
    with pytest.raises(TableError, match="bad"):
        list(read_rows(bad))
    assert list(read_rows(out)) == [BAD_FILE]
    assert _names(tmp_path) == names


@pytest.mark.parametrize("most_bytes", [0, 3000], ids=["at once", "in the middle"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_bytes: int
) -> None:
    monkeypatch.setattr(parquet_file, "GROUP_ROWS", 10)
    path = _table(tmp_path / "a.parquet", BAD_FILE)
    rows = [replace(BAD_FILE, source=f"{index}.mp4") for index in range(200)]
    with pytest.raises(TableError, match="disk is full"), _disk_of(most_bytes):
        _table(path, *rows)
    assert list(read_rows(path)) == [BAD_FILE]
    assert _names(tmp_path) == ["a.parquet"]


def test_a_full_disk_is_not_taken_for_a_damaged_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [_table(tmp_path / "a.parquet", *(replace(BAD_FILE, source=f"{i}") for i in range(99)))]
    monkeypatch.setattr(parquet_file, "GROUP_ROWS", 10)
    with pytest.raises(TableError, match="disk is full"), _disk_of(100):
        merge(parts, tmp_path / "all.parquet")
    assert _names(tmp_path) == ["a.parquet"]


def test_a_table_can_be_written_into_an_open_file(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with ZipFile(path, "w") as archive, archive.open("a.parquet", "w") as file:
        _fill(file, [BAD_FILE])
    with ZipFile(path) as archive:
        archive.extract("a.parquet", tmp_path)
    assert list(read_rows(tmp_path / "a.parquet")) == [BAD_FILE]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="folder exists"):
        _table(tmp_path / "gone" / "a.parquet", BAD_FILE)


def test_whoever_stops_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[ReadingRow]:
        yield session_row()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _fill(tmp_path / "a.parquet", rows())
    assert _names(tmp_path) == []
