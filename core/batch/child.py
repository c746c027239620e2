"""The process in which files are read: a decoder that crashes takes nothing else with it.

    python -m core.batch.child [--nice N]

Tasks come as lines on stdin, one after the other; progress and outcomes go as lines to stdout
(`core.batch.wire`). The line “cancel” ends the task and the process soon; the end of stdin, which
is the end of the parent, ends it at once.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

from core.batch.item import annotate_item, read_item
from core.batch.progress import Progress
from core.batch.task import Failed, ItemTask, Stopped, Task
from core.batch.video import CancelledError
from core.batch.wire import CANCEL, Answer, answer_line, task_of
from core.clock import SystemClock
from core.errors import MienError
from core.vision.threads import use_one_core_per_call
from core.work.pace import Pace

MOST_MEMORY_BYTES = 8 * 1024**3
"""Of addresses: a file that asks for more gets an error, and the machine does not begin to swap."""

TELL_EVERY_S = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads what it is told to, until it is cancelled or stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m core.batch.child", description=__doc__)
    parser.add_argument("--nice", type=int, default=0, help="let others go first, 0 to 19")
    _be_modest(parser.parse_args(arguments).nice)
    answers = _stdout_of_our_own()
    orders = Orders()
    while True:
        answer = _done(orders.next_task(), orders, answers)
        _say(answers, answer)
        if isinstance(answer, Stopped):
            return 0


class Orders:
    """What the parent says, read by a thread while the main thread works."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[str] = SimpleQueue()
        self._cancelled = threading.Event()
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def next_task(self) -> Task:
        """Waits for it."""
        return task_of(self._tasks.get())

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def _listen(self) -> None:
        # Trap: a thread that waits in the buffered sys.stdin makes a normal end a fatal error.
        with io.FileIO(sys.stdin.fileno(), closefd=False) as stdin:
            for line in iter(stdin.readline, b""):
                if line.decode().strip() == CANCEL:
                    self._cancelled.set()
                else:
                    self._tasks.put(line.decode())
        os._exit(0)


def _done(task: Task, orders: Orders, answers: TextIO) -> Answer:
    report = _reporter(answers)
    try:
        if isinstance(task, ItemTask):
            return read_item(task, report, orders.cancelled)
        return annotate_item(task, report, orders.cancelled)
    except CancelledError:
        return Stopped()
    except MienError as error:
        return Failed(error.sentence, error.cause)


def _reporter(answers: TextIO) -> Callable[[Progress], None]:
    """Says progress now and then."""
    pace = Pace(TELL_EVERY_S, SystemClock())

    def report(progress: Progress) -> None:
        if pace.is_due():
            _say(answers, progress)

    return report


def _say(answers: TextIO, answer: Answer) -> None:
    answers.write(answer_line(answer))
    answers.flush()


def _stdout_of_our_own() -> TextIO:
    """For answers alone; what libraries print goes to stderr."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return own


def _be_modest(nice: int) -> None:
    os.nice(nice)
    with suppress(OSError):  # Linux: where memory runs out, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000")
    use_one_core_per_call()
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bytes_ = MOST_MEMORY_BYTES if most == resource.RLIM_INFINITY else min(most, MOST_MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (bytes_, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold people's faces


if __name__ == "__main__":
    raise SystemExit(main())
