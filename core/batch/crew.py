"""Several processes that read files, each one file at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from queue import SimpleQueue

from core.batch.child_process import ChildProcess, Ended, Heard
from core.batch.progress import Progress
from core.batch.task import Failed, ItemOutcome, ItemTask, Stopped
from core.errors import BatchError

_log = logging.getLogger(__name__)

_KEPT = "What was read before is kept: the same command goes on from there."


class Crew:
    """Reads files in child processes. A process that dies fails only the file that it was reading.

    Args:
        workers: how many processes, one core each.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._heard: SimpleQueue[tuple[int, Heard]] = SimpleQueue()
        self._children: dict[int, ChildProcess] = {}
        self._busy: dict[int, ItemTask] = {}
        self._started = 0

    def read(self, tasks: Iterable[ItemTask]) -> Iterator[tuple[ItemTask, Progress | ItemOutcome]]:
        """Progress now and then, and one outcome for each task, as they come.

        A task is asked for when a process is free for it. However this ends, the processes end.

        Raises:
            BatchError: no file can be read any more.
        """
        waiting = iter(tasks)
        try:
            while self._fill(waiting):
                number, heard = self._heard.get()
                if isinstance(heard, Ended):
                    _log.info("A reading process ended: %s", heard.cause)
                    self._children.pop(number).close()
                task = self._busy.get(number)
                if task is not None:
                    yield task, self._take(number, heard, task)
        finally:
            self.close()

    def close(self) -> None:
        """End all processes."""
        for child in self._children.values():
            child.close()
        self._children.clear()
        self._busy.clear()

    def _fill(self, waiting: Iterator[ItemTask]) -> bool:
        """Give everybody something to do; whether anybody has."""
        while len(self._busy) < self._workers and (task := next(waiting, None)) is not None:
            number = self._idle()
            self._busy[number] = task
            self._children[number].give(task)
        return bool(self._busy)

    def _idle(self) -> int:
        for number in self._children:
            if number not in self._busy:
                return number
        self._started += 1
        number = self._started
        self._children[number] = ChildProcess(lambda heard: self._heard.put((number, heard)))
        return number

    def _take(self, number: int, heard: Heard, task: ItemTask) -> Progress | ItemOutcome:
        if isinstance(heard, Progress):
            return heard
        del self._busy[number]
        match heard:
            case ItemOutcome():
                return heard
            case Ended(sentence):
                return ItemOutcome(task.path, problem=sentence)
            case Failed(sentence, cause):
                raise BatchError(f"{sentence} {_KEPT}", cause)
            case Stopped():
                raise BatchError(f"Reading was cancelled. {_KEPT}")
