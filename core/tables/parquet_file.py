"""Parquet files of this program, whatever their columns: written in groups, and recognised.

Trap: loading pyarrow takes 0.2 s, which the start of the server has no time for. There, this
module and those that build on it are imported where a table is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import TableError
from core.tables.new_file import new_file, not_written
from core.tables.row import SCHEMA_VERSION

GROUP_ROWS = 50_000
"""Rows that are compressed, and later read, at once."""

_VERSION, _KIND, _HELP = b"mien_schema_version", b"mien_table", b"mien_column_help"

Take = Callable[[pa.RecordBatch], None]


def described(schema: pa.Schema, kind: str, help_: Mapping[str, str]) -> pa.Schema:
    """The schema with what the file says of itself: its version, its kind and its columns."""
    about = {_VERSION: str(SCHEMA_VERSION), _KIND: kind, _HELP: json.dumps(help_)}
    return schema.with_metadata(about)


@contextmanager
def parquet_file(target: Path | IO[bytes], schema: pa.Schema) -> Iterator[Take]:
    """What takes record batches and writes them in groups, in constant memory.

    Args:
        target: a path, at which the file is once the block ended well; an older one stays until
            then. Or an open file, which stays open.
        schema: of all batches.

    Raises:
        TableError: the disk is full, or cannot be written.
    """
    if not isinstance(target, Path):
        with _groups(target, schema) as take:
            yield take
        return
    with (
        new_file(target) as part,
        pa.OSFile(str(part), "wb") as sink,
        _groups(sink, schema) as take,
    ):
        yield take


@contextmanager
def opened_parquet(path: Path, kind: str) -> Iterator[pq.ParquetFile]:
    """A file of this kind and version; TableError also for what turns out while it is read."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            about = file.schema_arrow.metadata or {}
            found = about.get(_VERSION), about.get(_KIND)
            if found != (str(SCHEMA_VERSION).encode(), kind.encode()):
                raise TableError(
                    f"“{path.name}” is no table of {kind} that this version of Mien knows.",
                    f"{path}: schema version and kind {found!r}",
                )
            yield file
    except FileNotFoundError as error:
        raise TableError(f"“{path.name}” is not there.", f"{path}: {error}") from error
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(
            f"“{path.name}” is damaged, or no table of {kind}. It was left as it is.",
            f"{path}: {error}",
        ) from error


@contextmanager
def _groups(sink: IO[bytes], schema: pa.Schema) -> Iterator[Take]:
    batches: list[pa.RecordBatch] = []

    def flush() -> None:
        table = pa.Table.from_batches(batches, schema).unify_dictionaries()
        batches.clear()
        try:
            writer.write_table(table)
        except OSError as error:
            # Trap: further up it would look as if the table that is being read were damaged.
            raise not_written(error) from error

    def take(batch: pa.RecordBatch) -> None:
        batches.append(batch)
        if sum(map(len, batches)) >= GROUP_ROWS:
            flush()

    with pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True) as writer:
        yield take
        if batches:
            flush()
