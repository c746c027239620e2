"""The tables of single files, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.batch.folder import kind_of
from core.batch.task import ItemOutcome
from core.tables.csv_table import write_csv
from core.tables.new_file import new_file
from core.tables.parquet_table import ParquetTable, labels_in, merge, read_rows
from core.tables.row import ReadingRow

CSV, PARQUET = ".csv", ".parquet"


def write_tables(outs: Sequence[Path], outcomes: Iterable[ItemOutcome], folder: Path) -> None:
    """All rows of these files in their order, and a row for each problem.

    Args:
        outs: the same table as .parquet, as .csv, or both.
        outcomes: of all files.
        folder: for what is written in between.

    Raises:
        TableError: the disk is full, or cannot be written.
    """
    by_suffix = {out.suffix.lower(): out for out in outs}
    whole = by_suffix.get(PARQUET, folder / "whole.parquet")
    merge(_tables(outcomes, folder), whole)
    if CSV in by_suffix:
        with (
            new_file(by_suffix[CSV]) as part,
            part.open("w", newline="", encoding="utf-8") as file,
        ):
            write_csv(read_rows(whole), labels_in(whole), file)


def _tables(outcomes: Iterable[ItemOutcome], folder: Path) -> Iterator[Path]:
    for number, outcome in enumerate(outcomes):
        if outcome.rows:
            yield Path(outcome.parquet)
        if outcome.problem or not outcome.rows:
            yield _problem_table(outcome, folder / f"problem-{number}.parquet")


def _problem_table(outcome: ItemOutcome, path: Path) -> Path:
    kind = kind_of(Path(outcome.path)) or ""
    with ParquetTable(path, ()) as table:
        table.add([ReadingRow(outcome.path, kind, problem=outcome.problem or outcome.remark)])
    return path
