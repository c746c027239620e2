"""Readings as Parquet: typed, small, read by pandas and its like. It loads pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyarrow as pa

from core.expression.reading import Reading
from core.tables.columns import COLUMN_HELP, PROBABILITY, columns, labels_of, values
from core.tables.parquet_file import GROUP_ROWS, described, opened_parquet, parquet_file
from core.tables.row import ReadingRow

_KIND = "readings"

_BATCH_ROWS = 2000
"""Rows that are turned into columns at once, in milliseconds: a camera may run beside."""

_TEXT = pa.dictionary(pa.int32(), pa.string())
_TYPES = {
    "schema_version": pa.int16(),
    "source": _TEXT,
    "kind": _TEXT,
    "model": _TEXT,
    "session": pa.int64(),
    "at_utc": pa.timestamp("ms", tz="UTC"),
    "at_s": pa.float64(),
    "person": pa.int32(),
    "readings": pa.int32(),
    "looks": _TEXT,
    "notes": _TEXT,
    "problem": _TEXT,
}
"""Of the columns that are not `float32`."""

_ALWAYS = {"schema_version", "source", "kind", "model", "looks", "notes", "problem"}
"""Columns that are never null; text may be empty."""


class ParquetTable:
    """Rows as they come, in constant memory; the file is there once the block ended well.

        with ParquetTable(path, labels) as table:
            table.add(rows)

    Args:
        target: a path, where an older file stays until the new one is whole; or an open file.
        labels: of the expressions' columns. A row with another expression is a ValueError.

    Raises:
        TableError: the disk is full, or cannot be written.
    """

    def __init__(self, target: Path | IO[bytes], labels: Sequence[str]) -> None:
        self._labels = tuple(labels)
        self._schema = _schema(labels)
        self._file = parquet_file(target, self._schema)

    def __enter__(self) -> Self:
        self._take = self._file.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def add(self, rows: Iterable[ReadingRow]) -> None:
        """More rows, in order."""
        rest = iter(rows)
        while part := [values(row, self._labels) for row in islice(rest, _BATCH_ROWS)]:
            cells = zip(zip(*part, strict=True), self._schema, strict=True)
            arrays = [pa.array(column, field.type) for column, field in cells]
            self._take(pa.record_batch(arrays, schema=self._schema))


def read_rows(path: Path) -> Iterator[ReadingRow]:
    """All rows of one table, in constant memory; TableError where it is none, or damaged."""
    with opened_parquet(path, _KIND) as file:
        labels = labels_of(file.schema_arrow.names)
        for batch in file.iter_batches(_BATCH_ROWS):
            cells = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            names = batch.schema.names
            yield from (_row(dict(zip(names, row, strict=True)), labels) for row in cells)


def merge(paths: Iterable[Path], out: Path) -> None:
    """One table of several, in their order, in constant memory.

    Its labels are those of all, in order of first appearance; a part that does not know one has no
    value for it. An older file at `out` stays until the new one is whole; `out` may be a part.

    Raises:
        TableError: a part is damaged, no such table, or of another version; or the disk is full.
    """
    parts = tuple(paths)
    schema = _schema(tuple(dict.fromkeys(chain.from_iterable(map(labels_in, parts)))))
    with parquet_file(out, schema) as take:
        for path in parts:
            with opened_parquet(path, _KIND) as file:
                for batch in file.iter_batches(GROUP_ROWS):
                    take(_widened(batch, schema))


def labels_in(path: Path) -> tuple[str, ...]:
    """The expressions that have a column in this table; TableError."""
    with opened_parquet(path, _KIND) as file:
        return labels_of(file.schema_arrow.names)


def rows_in(path: Path) -> int:
    """How many rows this table has; TableError."""
    with opened_parquet(path, _KIND) as file:
        return int(file.metadata.num_rows)


def _schema(labels: Sequence[str]) -> pa.Schema:
    fields = [
        pa.field(name, _TYPES.get(name, pa.float32()), nullable=name not in _ALWAYS)
        for name in columns(labels)
    ]
    return described(pa.schema(fields), _KIND, COLUMN_HELP)


def _widened(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    there = set(batch.schema.names)
    arrays = [
        batch.column(field.name) if field.name in there else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.record_batch(arrays, schema=schema)


def _row(cell: Mapping[str, Any], labels: Sequence[str]) -> ReadingRow:
    known = {label: cell[f"{PROBABILITY}{label}"] for label in labels}
    known = {label: value for label, value in known.items() if value is not None}
    left, top = cell["left_px"], cell["top_px"]
    return ReadingRow(
        source=cell["source"],
        kind=cell["kind"],
        model=cell["model"],
        session=cell["session"],
        at_utc=cell["at_utc"],
        at_s=cell["at_s"],
        person=cell["person"],
        readings=cell["readings"],
        box_xyxy_px=(
            (left, top, left + cell["width_px"], top + cell["height_px"])
            if left is not None
            else None
        ),
        looks=cell["looks"],
        reading=Reading(tuple(known), tuple(known.values())) if known else None,
        pain=cell["pain"],
        notes=cell["notes"],
        problem=cell["problem"],
    )
