"""Reading one file: the function that a command line calls many times, and a cluster can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from core.batch.annotate import annotate
from core.batch.picture import read_picture
from core.batch.progress import Cancelled, Progress, Report
from core.batch.task import AnnotateTask, ItemKind, ItemOutcome, ItemTask
from core.batch.tools import toolbox
from core.batch.video import CancelledError, read_video
from core.errors import PhotoError, VideoError
from core.monitoring.analyser import ALERT_MODEL
from core.tables.parquet_table import rows_in
from core.vision.video import probe

__all__ = ["ItemKind", "ItemOutcome", "ItemTask", "annotate_item", "read_item"]

TABLE = "readings.parquet"
"""In the folder of a task."""

_TOO_MUCH_MEMORY = "“{}” needs more memory than a file may take, and was not read."


def _no_report(_: Progress) -> None:
    pass


def _never() -> bool:
    return False


def read_item(
    task: ItemTask, report: Report = _no_report, cancelled: Cancelled = _never
) -> ItemOutcome:
    """Reads one file into its folder. A file that cannot be read is an outcome, no error.

    All that it needs comes with the task, and nothing but the folder is written, so that it can
    run in any process and on any machine that sees the same files.

    Raises:
        CancelledError: it was cancelled.
        MienError: no other file could be read either: the model is missing, the disk is full.
    """
    try:
        if task.kind is ItemKind.PICTURE:
            return _read_picture(task)
        return _read_video(task, report, cancelled)
    except CancelledError:
        raise
    except (PhotoError, VideoError) as error:
        return ItemOutcome(task.path, problem=error.sentence)
    except MemoryError:
        return ItemOutcome(task.path, problem=_TOO_MUCH_MEMORY.format(Path(task.path).name))


def annotate_item(
    task: AnnotateTask, report: Report = _no_report, cancelled: Cancelled = _never
) -> ItemOutcome:
    """Writes a video that was read before with its faces marked.

    Raises:
        CancelledError: it was cancelled.
    """
    table = Path(task.folder) / TABLE
    settings = task.options.settings
    try:
        remark = annotate(Path(task.path), table, Path(task.annotated), settings, report, cancelled)
    except CancelledError:
        raise
    except VideoError as error:
        return ItemOutcome(task.path, problem=error.sentence)
    except MemoryError:
        return ItemOutcome(task.path, problem=_TOO_MUCH_MEMORY.format(Path(task.path).name))
    return ItemOutcome(task.path, remark=remark, parquet=str(table))


def _read_picture(task: ItemTask) -> ItemOutcome:
    table = Path(task.folder) / TABLE
    marked = Path(task.annotated) if task.annotated else None
    faces, rows = read_picture(task.path, table, task.options.settings, task.models_root, marked)
    return ItemOutcome(task.path, faces, rows, parquet=str(table))


def _read_video(task: ItemTask, report: Report, cancelled: Cancelled) -> ItemOutcome:
    path, folder = Path(task.path), Path(task.folder)
    began_utc = probe(path).recorded_utc or datetime.now(UTC)
    tools, options = toolbox(task.models_root), task.options
    found = read_video(path, folder, options, tools, ALERT_MODEL, report, cancelled, began_utc)
    table = folder / TABLE
    outcome = ItemOutcome(
        task.path,
        found.faces_most,
        rows_in(table),
        problem=found.broke_off or "",
        remark=found.problem,
        parquet=str(table),
    )
    if not task.annotated:
        return outcome
    copied = annotate_item(
        AnnotateTask(task.path, task.folder, task.options, task.annotated), report, cancelled
    )
    return replace(outcome, problem=outcome.problem or copied.problem)
