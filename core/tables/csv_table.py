"""Readings as CSV, row by row: RFC 4180, times in ISO 8601."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from core.tables.cells import harmless_cell
from core.tables.columns import COLUMNS, Value, columns, values
from core.tables.new_file import new_file
from core.tables.row import ReadingRow

_DECIMALS = {"at_s": 3, "left_px": 1, "top_px": 1, "width_px": 1, "height_px": 1}
_PROBABILITY_DECIMALS = 5


def write_csv(rows: Iterable[ReadingRow], labels: Sequence[str], file: TextIO) -> int:
    """The head, then one line for each row; how many. Memory stays small however many they are.

    Args:
        rows: none with an expression that is not among the labels, else ValueError.
        labels: of the expressions' columns.
        file: opened with `newline=""` and `encoding="utf-8"`.
    """
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns(labels))
    decimals = [_DECIMALS.get(name, _PROBABILITY_DECIMALS) for name in COLUMNS]
    decimals += [_PROBABILITY_DECIMALS] * len(labels)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 (the last one is the result)
        writer.writerow(map(_cell, values(row, labels), decimals))
    return count


def write_csv_file(rows: Iterable[ReadingRow], labels: Sequence[str], path: Path) -> None:
    """As `write_csv`; the file is there once it is whole. TableError."""
    # with a mark at the front, or Excel takes it for Latin-1
    with new_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as text:
        write_csv(rows, labels, text)


def iso_utc(at_utc: datetime) -> str:
    """“2026-01-31T12:00:00.000Z”: what tells its zone to every reader."""
    return at_utc.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cell(value: Value, decimals: int) -> str | int:
    match value:
        case None:
            return ""
        case str():
            return harmless_cell(value)
        case datetime():
            return iso_utc(value)
        case float():
            return f"{value:.{decimals}f}"
    return value
