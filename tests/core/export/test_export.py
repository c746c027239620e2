"""An export in a process of its own, seen from the server."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from core.export import export
from core.export.export import Export, ExportState
from core.export.task import ExportKind, ExportTask
from core.records.database import FILE_NAME, open_database
from core.records.second_store import CameraRow, SecondStore
from core.timeline.span import Span
from tests.support.clock import FakeClock
from tests.support.seconds import BEGIN_UTC, person, second
from tests.support.waiting import eventually

EVERYTHING = ExportTask(ExportKind.EVERYTHING)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MIEN_DATABASE_URL", raising=False)
    database = open_database(None, tmp_path / "data")
    seconds = [second(index, person()) for index in range(5)]
    SecondStore(database).add(CameraRow("c", "Kitchen"), seconds)
    database.close()
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


def _export(folder: Path, data_dir: Path, task: ExportTask = EVERYTHING) -> Export:
    return Export(folder, "mien.zip", task, data_dir, FakeClock())


def _ended(running: Export) -> ExportState:
    eventually(lambda: running.state is not ExportState.RUNNING)
    return running.state


def _sleeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never comes to an end by itself."""
    monkeypatch.setattr(export, "_MODULE", ["-c", "import time; time.sleep(600)"])


def test_it_writes_the_file_and_tells(folder: Path, data_dir: Path) -> None:
    running = _export(folder, data_dir)
    assert _ended(running) is ExportState.DONE
    assert "readings.parquet" in ZipFile(running.path).namelist()
    assert 0.0 <= running.told().done <= 1.0
    assert running.told().what


def test_what_is_asked_for_gets_there(folder: Path, data_dir: Path) -> None:
    span = Span(BEGIN_UTC, BEGIN_UTC.replace(second=2))
    running = _export(folder, data_dir, ExportTask(ExportKind.CSV, span, (1,)))
    assert _ended(running) is ExportState.DONE
    assert len(running.path.read_text().splitlines()) == 1 + 2


def test_it_goes_with_whoever_discards_it(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sleeping(monkeypatch)
    running = _export(folder, data_dir)
    assert running.state is ExportState.RUNNING
    assert running.told().what == "Starting"
    running.discard()
    assert not folder.exists()
    assert running.state is ExportState.FAILED


def test_it_goes_with_the_last_who_knew_it(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sleeping(monkeypatch)
    running: Any = _export(folder, data_dir)
    del running
    assert not folder.exists()


def test_a_database_that_is_none_is_a_sentence(folder: Path, data_dir: Path) -> None:
    (data_dir / FILE_NAME).write_text("this is no database, and long enough to be looked at")
    running = _export(folder, data_dir)
    assert _ended(running) is ExportState.FAILED
    assert "database" in running.problem
    assert not running.path.exists()


def test_a_process_that_was_killed_is_a_sentence(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sleeping(monkeypatch)
    running = _export(folder, data_dir)
    os.kill(running.process_id, signal.SIGKILL)
    assert _ended(running) is ExportState.FAILED
    assert "fault of the program" in running.problem


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, data_dir: Path) -> None:
    with pytest.raises(export.TableError, match="Try again"):
        _export(tmp_path / "gone", data_dir)


def test_no_secret_reaches_the_process(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIEN_TELEGRAM_TOKEN", "not for others")
    program = "import json, os; print(json.dumps({'what': ' '.join(os.environ)}), flush=True)"
    monkeypatch.setattr(export, "_MODULE", ["-c", program])
    running = _export(folder, data_dir)
    _ended(running)
    assert "MIEN_DATA_DIR" in running.told().what
    assert "MIEN_TELEGRAM_TOKEN" not in running.told().what
