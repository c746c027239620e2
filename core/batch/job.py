"""One video that a person waits for: read in a child process, watched from the page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from core.batch.child_process import ChildProcess, Ended, Heard
from core.batch.progress import Progress
from core.batch.task import AnnotateTask, Failed, ItemKind, ItemOutcome, ItemTask, Stopped, Task
from core.batch.video_summary import VideoSummary
from core.clock import Clock, SystemClock
from core.errors import BatchError
from core.faults import FaultLog
from core.work.folder import erase
from core.work.time_left import TimeLeft

if TYPE_CHECKING:
    from core.batch.video import VideoOptions

SUMMARY, ANNOTATED = "summary.json", "annotated.mp4"
"""In the job's folder."""

NICE = 10
"""The server watches people; videos can wait."""

CANCEL_WITHIN_S = 1.0
"""Then the process is ended from outside."""

_LISTEN_S = 0.1

_UNCLEAR = "What was read from this video cannot be used. Please try it again."

_log = logging.getLogger(__name__)
_faults = FaultLog(_log)

Soon = Callable[[Callable[[], None]], object]
"""Runs something in another thread, now or when its turn comes."""


class JobState(StrEnum):
    """Of the stage that was begun last."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = {JobState.DONE, JobState.CANCELLED, JobState.FAILED}


def _in_a_thread(run: Callable[[], None]) -> None:
    threading.Thread(target=run, name="video-job", daemon=True).start()


class VideoJob:
    """Reads a video, then may write it with its faces marked. Any thread may ask and tell it.

    What was read stays in the folder until somebody erases that; a stage that was cancelled or
    failed leaves nothing.

    Args:
        path: of the video. It may lie in the folder.
        folder: exists; this job's alone.
        options: how it is read.
        models_root: the folder of the models.
        soon: in which thread a stage runs, and when.

    Attributes:
        state: of the stage that was begun last; `WAITING` before the first one.
        progress: of that stage; None until there is some.
        summary: what was read; None until then. It stays when a later stage fails.
        trouble: a sentence where that stage failed; None otherwise.
        annotated: the video with its faces marked; None until it is written.
        remark: a sentence on what is missing in it; "" for nothing.
    """

    def __init__(
        self,
        path: Path,
        folder: Path,
        options: VideoOptions,
        models_root: Path,
        *,
        soon: Soon = _in_a_thread,
        clock: Clock | None = None,
    ) -> None:
        self.path = path.absolute()
        self.folder = folder.absolute()
        self.options = options
        self.state = JobState.WAITING
        self.progress: Progress | None = None
        self.summary: VideoSummary | None = None
        self.trouble: str | None = None
        self.annotated: Path | None = None
        self.remark = ""
        self._models_root = models_root.absolute()
        self._soon = soon
        self._clock = clock or SystemClock()
        self._time_left = TimeLeft(self._clock)
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._ended = threading.Event()

    @property
    def left_s(self) -> float | None:
        """About how long this stage takes yet; None while nobody can tell."""
        return self._time_left.left_s if self.state is JobState.RUNNING else None

    def start(self) -> None:
        """Read the video; returns at once."""
        options, folder = self.options, str(self.folder)
        self._begin(
            ItemTask(str(self.path), ItemKind.VIDEO, folder, options, str(self._models_root))
        )

    def annotate(self) -> None:
        """After that: write it with its faces marked; returns at once."""
        annotated = str(self.folder / ANNOTATED)
        self._begin(AnnotateTask(str(self.path), str(self.folder), self.options, annotated))

    def cancel(self) -> None:
        """End the stage; returns at once, and about a second later it has ended."""
        with self._lock:
            self._cancelled.set()
            if self.state is JobState.WAITING:
                self._end(JobState.CANCELLED)

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until the stage has ended; whether it has."""
        return self._ended.wait(timeout_s)

    def _begin(self, task: Task) -> None:
        self._cancelled.clear()
        self._ended.clear()
        self.progress, self.trouble = None, None
        self.state = JobState.WAITING
        self._soon(lambda: self._run(task))

    def _end(self, state: JobState) -> None:
        self.state = state
        self._ended.set()

    def _run(self, task: Task) -> None:
        with self._lock:
            if self._cancelled.is_set():
                return
            self._time_left = TimeLeft(self._clock)
            self.state = JobState.RUNNING
        try:
            if _faults.works("Reading a video", lambda: self._work(task)):
                return
            self.trouble = _UNCLEAR
        except BatchError as error:
            _log.error("A video cannot be read: %s", error.cause)
            self.trouble = error.sentence
        self._end(JobState.FAILED)

    def _work(self, task: Task) -> None:
        self._end(self._state_after(task, self._outcome(task)))

    def _outcome(self, task: Task) -> ItemOutcome | Failed | Stopped | Ended:
        heard: SimpleQueue[Heard] = SimpleQueue()
        child = ChildProcess(heard.put, NICE)
        try:
            child.give(task)
            while not self._cancelled.is_set():
                said = self._next(heard)
                if said is not None:
                    return said
            return self._after_cancel(child, heard)
        finally:
            child.close()

    def _after_cancel(self, child: ChildProcess, heard: SimpleQueue[Heard]) -> Stopped:
        child.cancel()
        give_up_s = self._clock.monotonic_s() + CANCEL_WITHIN_S
        while self._next(heard) is None and self._clock.monotonic_s() < give_up_s:
            pass
        return Stopped()

    def _next(self, heard: SimpleQueue[Heard]) -> ItemOutcome | Failed | Stopped | Ended | None:
        """How the stage ended; None after a moment in which it did not."""
        try:
            said = heard.get(timeout=_LISTEN_S)
        except Empty:
            return None
        if not isinstance(said, Progress):
            return said
        self.progress = said
        self._time_left.update(said.share)
        return None

    def _state_after(self, task: Task, outcome: ItemOutcome | Failed | Stopped | Ended) -> JobState:
        match outcome:
            case ItemOutcome(parquet=parquet) if parquet and self._keep(task, outcome):
                return JobState.DONE
            case ItemOutcome(problem=problem):
                self.trouble = problem or _UNCLEAR
            case Failed(sentence, cause) | Ended(sentence, cause):
                _log.error("A video could not be read: %s", cause)
                self.trouble = sentence
        self._tidy(task)
        return JobState.CANCELLED if isinstance(outcome, Stopped) else JobState.FAILED

    def _keep(self, task: Task, outcome: ItemOutcome) -> bool:
        """Whether what came of it can be used."""
        if isinstance(task, AnnotateTask):
            self.annotated, self.remark = Path(task.annotated), outcome.remark
            return True
        try:
            self.summary = VideoSummary.from_json((self.folder / SUMMARY).read_text("utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.error("The summary of a video cannot be used: %r", error)
            return False
        return True

    def _tidy(self, task: Task) -> None:
        """What a process left that was ended in the middle."""
        if isinstance(task, AnnotateTask):
            half_made = self.folder.glob(f"*{ANNOTATED}*")
        else:
            half_made = (path for path in self.folder.glob("*") if path != self.path)
        for path in list(half_made):
            erase(path)
