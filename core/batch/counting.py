"""How far a batch has come."""

from __future__ import annotations

from collections.abc import Collection

from core.batch.folder import FoundFile
from core.batch.progress import Progress, Stage
from core.batch.task import ItemOutcome
from core.clock import Clock
from core.work.time_left import TimeLeft


class RunningVideo:
    """A video that is being read, or written with its faces marked.

    Attributes:
        progress: what was heard of it last.
    """

    def __init__(self, progress: Progress, clock: Clock) -> None:
        self.progress = progress
        self._clock = clock
        self._time_left = TimeLeft(clock)

    def take(self, progress: Progress) -> None:
        if progress.stage is not self.progress.stage:
            self._time_left = TimeLeft(self._clock)
        self.progress = progress
        self._time_left.update(progress.share)

    @property
    def left_s(self) -> float | None:
        """Of this stage."""
        return self._time_left.left_s


class BatchProgress:
    """Counts files, and the bytes that are done: a long video takes longer than a picture.

    Args:
        files: all of the batch.
        finished: paths of those that an earlier run read.
        clock: for the time left.
        stages: of each video: 2 where it is also written with its faces marked.

    Attributes:
        files: how many.
        done: of these, failed ones included.
        failed: those that could not be read, or not to their end.
        running: videos by path.
    """

    def __init__(
        self,
        files: Collection[FoundFile],
        finished: Collection[str],
        clock: Clock,
        stages: int = 1,
    ) -> None:
        self._clock = clock
        self._stages = stages
        sizes = {str(file.path): max(1, file.size_bytes) for file in files}
        self._size_bytes = {path: size for path, size in sizes.items() if path not in finished}
        self._all_bytes, self._done_bytes = sum(self._size_bytes.values()), 0
        self._time_left = TimeLeft(clock)
        self.files = len(files)
        self.done = len(finished)
        self.failed = 0
        self.running: dict[str, RunningVideo] = {}

    @property
    def left_s(self) -> float | None:
        """Until all is read; None while nobody can tell."""
        return self._time_left.left_s

    def hear(self, path: str, progress: Progress) -> None:
        """Of one file that is being read."""
        if path in self.running:
            self.running[path].take(progress)
        else:
            self.running[path] = RunningVideo(progress, self._clock)
        self._update()

    def finish(self, outcome: ItemOutcome) -> None:
        """One more file is done."""
        self.done += 1
        self.failed += bool(outcome.problem)
        self._done_bytes += self._size_bytes[outcome.path]
        self.running.pop(outcome.path, None)
        self._update()

    def _update(self) -> None:
        running_bytes = sum(
            self._size_bytes[path] * self._share(video.progress)
            for path, video in self.running.items()
        )
        self._time_left.update((self._done_bytes + running_bytes) / self._all_bytes)

    def _share(self, progress: Progress) -> float:
        """Of all stages: they take about as long as each other."""
        before = 1 if progress.stage is Stage.ANNOTATING else 0
        return (before + (progress.share or 0.0)) / self._stages
