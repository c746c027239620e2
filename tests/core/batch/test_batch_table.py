"""The tables of single files, put together."""

from __future__ import annotations

from pathlib import Path

from core.batch.table import write_tables
from core.batch.task import ItemOutcome
from core.expression.labels import FER7
from core.tables.parquet_table import ParquetTable, labels_in, read_rows
from core.tables.row import ReadingRow
from tests.support.rows import face_row


def outcome_of(path: Path, *rows: ReadingRow, problem: str = "", remark: str = "") -> ItemOutcome:
    with ParquetTable(path, FER7) as table:
        table.add(rows)
    return ItemOutcome(path.name, 1, len(rows), problem, remark, str(path))


def test_every_file_has_a_row_in_the_order_of_files(tmp_path: Path) -> None:
    outcomes = [
        ItemOutcome("in/bad.jpg", problem="It is damaged."),
        outcome_of(tmp_path / "two.webp", face_row("two.webp"), face_row("two.webp")),
        outcome_of(tmp_path / "cut.mp4", face_row("cut.mp4"), problem="It breaks off."),
        outcome_of(tmp_path / "nobody.mp4", remark="No face was found."),
        ItemOutcome("in/letter.txt", problem="It is neither."),
    ]
    write_tables([tmp_path / "out.parquet"], outcomes, tmp_path)
    rows = list(read_rows(tmp_path / "out.parquet"))
    assert [(row.source, row.kind, row.problem) for row in rows] == [
        ("in/bad.jpg", "picture", "It is damaged."),
        ("two.webp", "picture", ""),
        ("two.webp", "picture", ""),
        ("cut.mp4", "picture", ""),
        ("cut.mp4", "video", "It breaks off."),
        ("nobody.mp4", "video", "No face was found."),
        ("in/letter.txt", "", "It is neither."),
    ]
    assert labels_in(tmp_path / "out.parquet") == FER7


def test_where_nothing_could_be_read_there_is_a_table_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write_tables([out], [ItemOutcome("bad.jpg", problem="It is damaged.")], tmp_path)
    head, row = out.read_text(encoding="utf-8").splitlines()
    assert head.endswith(",problem")
    assert row.endswith(",It is damaged.")
