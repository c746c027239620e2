"""The videos that this server reads: one at a time, in the order in which they were asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from core.batch.job import CANCEL_WITHIN_S, ENDED, VideoJob
from core.work.folder import WorkFolder, erase

if TYPE_CHECKING:
    from core.batch.video import VideoOptions

_log = logging.getLogger(__name__)


class VideoJobs:
    """Belongs to the server; any thread may use it.

    Args:
        root: of the folders in which videos wait and are read; made when it is needed.
        models_root: the folder of the models.
    """

    def __init__(self, root: Path, models_root: Path) -> None:
        self._work = WorkFolder(root)
        self._models_root = models_root
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="video-jobs")
        self._lock = threading.Lock()
        self._jobs: list[VideoJob] = []

    def start(self) -> None:
        """Erase what an earlier server left."""
        try:
            self._work.open()
        except OSError as error:
            _log.error("The folder for videos cannot be used: %r", error)

    def new_folder(self) -> Path:
        """Empty, and for this user alone: for one video and all that is made of it; OSError."""
        return self._work.new_folder()

    def add(self, path: Path, folder: Path, options: VideoOptions) -> VideoJob:
        """Read a video when its turn comes.

        Args:
            path: of the video, which may lie in the folder.
            folder: from `new_folder`.
            options: how it is read.
        """
        job = VideoJob(
            path, folder, options, self._models_root, soon=lambda run: self._line_up(job, run)
        )
        job.start()
        return job

    def before(self, job: VideoJob) -> int:
        """How many other videos are still worked on before this one."""
        with self._lock:
            earlier = self._jobs[: self._jobs.index(job)] if job in self._jobs else []
        return sum(other.state not in ENDED for other in earlier)

    def dismiss(self, job: VideoJob) -> None:
        """End it, and erase its folder with all that is in it."""
        job.cancel()
        job.join(CANCEL_WITHIN_S * 3)
        erase(job.folder)
        with self._lock:
            if job in self._jobs:
                self._jobs.remove(job)

    def stop(self) -> None:
        """With the server: all end, and nothing of them is left."""
        with self._lock:
            jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        self._queue.shutdown()
        for job in jobs:
            self.dismiss(job)
        self._work.close()

    def _line_up(self, job: VideoJob, run: Callable[[], None]) -> None:
        """A job comes once to be read, and perhaps again to be marked: at the end of the line."""
        with self._lock:
            if job in self._jobs:
                self._jobs.remove(job)
            self._jobs.append(job)
        self._queue.submit(run)
