"""The parent's side of one process that reads files."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from core.batch.task import Task
from core.batch.wire import CANCEL, Answer, answer_of, task_line
from core.errors import BatchError

PROJECT_ROOT = Path(__file__).resolve().parents[2]

_CRASHED = "The reader of this file crashed; the file may be damaged. Nothing else was stopped."
_KILLED = (
    "The reader of this file was ended from outside, most likely because the computer ran out of "
    "memory. Nothing else was stopped."
)
_FAULT = "The reader of this file stopped over a fault of its own. Nothing else was stopped."

# What a process needs to run, and no secrets: it reads files that strangers may have sent.
_PASSED_ON = ("PATH", "HOME", "TZ", "TMPDIR", "LANG", "LANGUAGE", "LD_LIBRARY_PATH")
_PASSED_ON_STARTS = ("LC_", "PYTHON")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

_LAST_LINES = 30

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ended:
    """The process is gone.

    Attributes:
        sentence: for the person whose file it was reading.
        cause: for the log: how it ended, and its last words.
    """

    sentence: str
    cause: str


Heard = Answer | Ended


class ChildProcess:
    """Runs `core.batch.child`. Any thread may use it.

    Args:
        hear: is told every answer, and in the end of the process' end, from a thread of its own.
        nice: how much it lets others go first, 0 to 19.

    Raises:
        BatchError: no process can be started.
    """

    def __init__(self, hear: Callable[[Heard], None], nice: int = 0) -> None:
        self._hear = hear
        self._last_words: deque[str] = deque(maxlen=_LAST_LINES)
        # A session of its own keeps the terminal's Ctrl-C from it: its parent tells it what to do.
        # -P: what lies in the current folder is no module, whatever its name.
        try:
            self._process = subprocess.Popen(  # noqa: S603 (nothing of it comes from outside)
                [sys.executable, "-P", "-m", "core.batch.child", "--nice", str(nice)],
                env=child_environment(os.environ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise BatchError(
                "No process could be started to read files. Close other programs and try again.",
                repr(error),
            ) from error
        self._stdin, self._stdout, self._stderr = (
            cast(TextIO, pipe)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._listeners = [
            threading.Thread(target=listen, name=f"child-{self._process.pid}", daemon=True)
            for listen in (self._listen_to_stderr, self._listen)
        ]
        for listener in self._listeners:
            listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def give(self, task: Task) -> None:
        """The next task; its outcome is heard. One at a time."""
        self._write(task_line(task))

    def cancel(self) -> None:
        """End the task and the process soon: it is heard."""
        self._write(f"{CANCEL}\n")

    def kill(self) -> None:
        """At once; returns when it is gone."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """It ends at once, and nothing is heard of it any more. Not for the thread that hears."""
        self._hear = _nobody
        self.kill()
        for listener in self._listeners:
            listener.join()
        for pipe in (self._stdin, self._stdout, self._stderr):
            with suppress(OSError):  # a line that did not reach it
                pipe.close()

    def _write(self, line: str) -> None:
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except OSError:
            _log.debug("The reader is gone already; that is heard.")

    def _listen(self) -> None:
        for line in self._stdout:
            try:
                if line.endswith("\n"):  # else the process ended in the middle of it
                    self._hear(answer_of(line))
            except (ValueError, TypeError) as error:
                _log.error("The reader said what nobody understands: %r", error)
                self._process.kill()
        self._listeners[0].join()
        self._hear(self._ended(self._process.wait()))

    def _listen_to_stderr(self) -> None:
        self._last_words.extend(line.rstrip() for line in self._stderr)

    def _ended(self, status: int) -> Ended:
        sentence = _FAULT if status >= 0 else _KILLED if status == -signal.SIGKILL else _CRASHED
        return Ended(sentence, "\n".join([f"exit status {status}", *self._last_words]))


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a reading process gets of its parent's environment: no secrets, and one core."""
    passed = {
        name: value
        for name, value in environment.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_STARTS)
    }
    paths = (str(PROJECT_ROOT), passed.get("PYTHONPATH", ""))
    return {**passed, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _nobody(_: Heard) -> None:
    pass
