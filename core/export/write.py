"""Records of a database as one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.clock import Clock
from core.export.task import ExportKind, ExportTask
from core.records.archive import Archive, Report, counted
from core.records.database import Database
from core.records.session import Session
from core.records.session_rows import SessionRows
from core.records.session_store import SessionStore
from core.tables.csv_table import write_csv
from core.tables.new_file import new_file
from core.tables.parquet_table import ParquetTable

_NO_LIMIT = 1_000_000_000


def write_export(
    database: Database, clock: Clock, task: ExportTask, path: Path, report: Report
) -> None:
    """The file is there once it is whole.

    Raises:
        TableError: the disk is full, or cannot be written.
        RecordsError: the database cannot be read.
    """
    if task.kind is ExportKind.EVERYTHING:
        Archive(database, clock).write(path, report)
        return
    sessions, table = _sessions(database, task), SessionRows(database)
    count, labels = table.count(task.span, sessions), table.labels(task.span, sessions)
    rows = counted(table.between(task.span, sessions), count, report)
    if task.kind is ExportKind.PARQUET:
        with ParquetTable(path, labels) as file:
            file.add(rows)
    else:
        # with a mark at the front, or Excel takes it for Latin-1
        with (
            new_file(path) as part,
            part.open("w", encoding="utf-8-sig", newline="") as text,
        ):
            write_csv(rows, labels, text)
    report(1.0, "Done")


def _sessions(database: Database, task: ExportTask) -> Sequence[Session]:
    """Oldest first."""
    source = task.source if task.sessions is None else None
    found = SessionStore(database).list(task.span, source, _NO_LIMIT)[::-1]
    if task.sessions is None:
        return found
    return [session for session in found if session.id in task.sessions]
