"""Readings as Parquet: typed, small, read by pandas and its like.

Trap: loading pyarrow takes 0.2 s, which the start of the server has no time for. There, this
module is imported where a table is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import TableError
from core.expression.reading import Reading
from core.tables.columns import COLUMN_HELP, PROBABILITY, columns, labels_of, values
from core.tables.new_file import new_file
from core.tables.row import SCHEMA_VERSION, ReadingRow

GROUP_ROWS = 50_000
"""Rows that are compressed, and later read, at once."""

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

_VERSION, _HELP = b"mien_schema_version", b"mien_column_help"


class ParquetTable:
    """Rows as they come, in constant memory; the file is there once the block ended well.

        with ParquetTable(path, labels) as table:
            table.add(rows)

    Args:
        path: an older file stays until the new one is whole.
        labels: of the expressions' columns. A row with another expression is a ValueError.

    Raises:
        TableError: the disk is full, or cannot be written.
    """

    def __init__(self, path: Path, labels: Sequence[str]) -> None:
        self._labels = tuple(labels)
        self._schema = _schema(labels)
        self._file = _groups(path, self._schema)

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
    with _opened(path) as file:
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
    with _groups(out, schema) as take:
        for path in parts:
            with _opened(path) as file:
                for batch in file.iter_batches(GROUP_ROWS):
                    take(_widened(batch, schema))


def labels_in(path: Path) -> tuple[str, ...]:
    """The expressions that have a column in this table; TableError."""
    with _opened(path) as file:
        return labels_of(file.schema_arrow.names)


def _schema(labels: Sequence[str]) -> pa.Schema:
    fields = [
        pa.field(name, _TYPES.get(name, pa.float32()), nullable=name not in _ALWAYS)
        for name in columns(labels)
    ]
    about = {_VERSION: str(SCHEMA_VERSION), _HELP: json.dumps(COLUMN_HELP, ensure_ascii=False)}
    return pa.schema(fields, metadata=about)


@contextmanager
def _groups(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """What takes record batches and writes them in groups; TableError."""
    batches: list[pa.RecordBatch] = []

    def flush() -> None:
        if batches:
            writer.write_table(pa.Table.from_batches(batches, schema).unify_dictionaries())
            batches.clear()

    def take(batch: pa.RecordBatch) -> None:
        batches.append(batch)
        if sum(map(len, batches)) >= GROUP_ROWS:
            flush()

    with (
        new_file(path) as part,
        pa.OSFile(str(part), "wb") as sink,
        pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True) as writer,
    ):
        yield take
        flush()


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """A table of this version; TableError also for what turns out while it is read."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            version = (file.schema_arrow.metadata or {}).get(_VERSION)
            if version != str(SCHEMA_VERSION).encode():
                raise TableError(
                    f"“{path.name}” is no table of readings that this version of Mien knows.",
                    f"{path}: schema version {version!r}",
                )
            yield file
    except FileNotFoundError as error:
        raise TableError(f"“{path.name}” is not there.", f"{path}: {error}") from error
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(
            f"“{path.name}” is damaged, or no table of readings. It was left as it is.",
            f"{path}: {error}",
        ) from error


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
