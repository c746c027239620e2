"""The parent's side of one export: begun, looked at now and then, ended.

A process of its own, because turning millions of readings into text keeps an interpreter busy for
minutes, and the cameras' pictures would stutter meanwhile.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import weakref
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from core.clock import Clock
from core.errors import TableError
from core.export.task import ExportTask
from core.work.folder import erase
from core.work.time_left import TimeLeft

NICE = 10
_SPARE = ["--spare-mb", "1000"]
_MODULE = ["-m", "core.export"]
_PROJECT_ROOT = Path(__file__).resolve().parents[2]
_TOLD = "told.jsonl"
_LAST_BYTES = 4096
_FAULT = "The file could not be written, over a fault of the program. Nothing was left of it."

_log = logging.getLogger(__name__)


class ExportState(StrEnum):
    """Where one is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Told:
    """How far it has come.

    Attributes:
        done: 0 to 1.
        what: is being written, in words.
        left_s: about how long it takes yet; None while nobody can tell.
    """

    done: float
    what: str
    left_s: float | None


class Export:
    """Belongs to one page. When that lets go of it, or calls `discard()`, the process ends and the
    folder is erased.

    Args:
        folder: for this alone; the file will lie in it.
        file_name: for the person.
        task: what to write.
        data_dir: of the database, where no URL says otherwise.
        clock: for the time that is left.

    Raises:
        TableError: no process can be started.
    """

    def __init__(
        self, folder: Path, file_name: str, task: ExportTask, data_dir: Path, clock: Clock
    ) -> None:
        self.file_name = file_name
        self.task = task
        self.path = folder / f"export.{task.kind}"
        self._told_path = folder / _TOLD
        self._time_left = TimeLeft(clock)
        self._process = _started([str(self.path), *task.arguments()], self._told_path, data_dir)
        self.discard = weakref.finalize(self, _end, self._process, folder)

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def state(self) -> ExportState:
        """By now."""
        status = self._process.poll()
        if status is None:
            return ExportState.RUNNING
        return ExportState.DONE if status == 0 else ExportState.FAILED

    def told(self) -> Told:
        """By now."""
        last = self._last_line()
        done = float(last.get("done", 0.0))
        self._time_left.update(done)
        return Told(done, str(last.get("what", "Starting")), self._time_left.left_s)

    @cached_property
    def problem(self) -> str:
        """Why it failed, as a sentence."""
        last = self._last_line()
        _log.error("An export failed: %s", last.get("cause", self._process.returncode))
        return str(last.get("problem", _FAULT))

    def _last_line(self) -> dict[str, Any]:
        """Of what the process told; one that is being written does not count."""
        with self._told_path.open("rb") as file:
            file.seek(max(0, self._told_path.stat().st_size - _LAST_BYTES))
            *lines, _ = file.read().split(b"\n")
        last: dict[str, Any] = json.loads(lines[-1]) if lines else {}
        return last


def _started(arguments: list[str], told_path: Path, data_dir: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, *_MODULE, *arguments, "--json", "--nice", str(NICE), *_SPARE]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MIEN_")}
    url = os.environ.get("MIEN_DATABASE_URL", "")
    try:
        with told_path.open("wb") as told:
            return subprocess.Popen(  # noqa: S603
                command,
                cwd=_PROJECT_ROOT,
                env={**kept, "MIEN_DATA_DIR": str(data_dir), "MIEN_DATABASE_URL": url},
                stdin=subprocess.DEVNULL,
                stdout=told,
                start_new_session=True,
            )
    except OSError as error:
        raise TableError("Nothing can be written at the moment. Try again.", repr(error)) from error


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    erase(folder)
