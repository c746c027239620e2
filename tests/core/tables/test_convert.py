from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.errors import TableError
from core.tables.convert import write_as_csv
from core.tables.parquet_table import ParquetTable
from tests.support.rows import face_row


def test_the_same_rows_for_excel_too(tmp_path: Path) -> None:
    with ParquetTable(tmp_path / "a.parquet", ("happy", "sad")) as table:
        table.add([face_row("Café.jpg"), face_row()])
    write_as_csv(tmp_path / "a.parquet", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows] == ["Café.jpg", "party.jpg"]
    assert rows[0]["p_happy"] == "0.50000"


def test_what_is_no_table_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no table")
    with pytest.raises(TableError):
        write_as_csv(tmp_path / "a.parquet", tmp_path / "a.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
