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
from core.tables.csv_table import write_csv_file
from core.tables.parquet_table import ParquetTable


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
        write_csv_file(rows, labels, path)
    report(1.0, "Done")


def _sessions(database: Database, task: ExportTask) -> Sequence[Session]:
    """Oldest first."""
    source = task.source if task.sessions is None else None
    found = SessionStore(database).list(task.span, source, limit=None)[::-1]
    if task.sessions is None:
        return found
    return [session for session in found if session.id in task.sessions]
