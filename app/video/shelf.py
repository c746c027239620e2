"""The videos that visitors brought: of this server, and not for long."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.video.arrivals import Arrival, Arrivals
from core.batch.job import ENDED, VideoJob
from core.clock import Clock
from core.errors import VideoError
from core.work.folder import erase

if TYPE_CHECKING:
    from app.video.found import Found
    from core.batch.video import VideoOptions

KEPT_S = 24 * 3600.0
"""A video is erased so long after somebody looked at it last."""
UNCLAIMED_S = 3600.0
"""An upload for which no page came, as its browser was closed."""

_TIDY_EVERY_S = 300.0
_NO_FOLDER = (
    "Mien's data folder cannot be written, so there is no place for what is read from this video. "
    "Make sure that it can be written, and try again."
)


class Jobs(Protocol):
    """What is needed of `core.batch.jobs.VideoJobs`."""

    def start(self) -> None: ...
    def new_folder(self) -> Path: ...
    def add(self, path: Path, folder: Path, options: VideoOptions) -> VideoJob: ...
    def before(self, job: VideoJob) -> int: ...
    def dismiss(self, job: VideoJob) -> None: ...
    def stop(self) -> None: ...


@dataclass(eq=False)
class Work:
    """One video that a visitor brought, and what comes of it.

    Attributes:
        id: nobody guesses it; whoever knows it may look.
        path: of the video.
        size_bytes: of the video.
        looked_at_s: when a page showed it last.
        uploaded_to: its private folder; None where it lies on the server and stays.
        job: None until it was started.
        found: what was read, once a page asked for it.
        kept_as: id of its session on the Timeline, once it was kept there.
    """

    id: str
    path: Path
    size_bytes: int
    looked_at_s: float
    uploaded_to: Path | None = None
    job: VideoJob | None = None
    found: Found | None = None
    kept_as: int | None = None

    @property
    def name(self) -> str:
        """Of the file."""
        return self.path.name

    @property
    def is_under_way(self) -> bool:
        """Whether it is being read or annotated, or waits for that."""
        return self.job is not None and self.job.state not in ENDED


class Shelf:
    """Any thread may use it.

    Args:
        jobs: which read the videos.
        clock: tells how long nobody has looked.
    """

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self.arrivals = Arrivals(jobs.new_folder, clock)
        self._jobs = jobs
        self._clock = clock
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_tidy, name="video-shelf", daemon=True)

    def start(self) -> None:
        """What an earlier server left is erased."""
        self._jobs.start()
        self._thread.start()

    def stop(self) -> None:
        """All work ends, and nothing of it stays."""
        self._stopping.set()
        self._thread.join(5.0)
        for work in self._all():
            if work.job is not None:
                work.job.cancel()  # all of them first, so that none waits for another
        for work in self._all():
            self.remove(work)
        self.arrivals.drop_before(self._clock.monotonic_s() + 1)
        self._jobs.stop()

    def take_in(self, arrival: Arrival) -> Work:
        """An upload; VideoError with its sentence where it could not be kept."""
        if arrival.folder is None:
            raise VideoError(arrival.problem)
        return self._put(arrival.path, arrival.size_bytes, arrival.folder)

    def look_at(self, path: Path) -> Work:
        """A video that lies on the server; VideoError where it is gone."""
        try:
            return self._put(path, path.stat().st_size)
        except OSError as error:
            raise VideoError(f"“{path.name}” cannot be opened.", repr(error)) from error

    def find(self, id_: str) -> Work | None:
        """For a page that shows it now."""
        work = self._works.get(id_)
        if work is not None:
            work.looked_at_s = self._clock.monotonic_s()
        return work

    def read(self, work: Work, options: VideoOptions) -> None:
        """When its turn comes; VideoError where there is no place for what is read."""
        self.forget_reading(work)
        try:
            work.job = self._jobs.add(work.path, self._jobs.new_folder(), options)
        except OSError as error:
            raise VideoError(_NO_FOLDER, repr(error)) from error

    def forget_reading(self, work: Work) -> None:
        """What was read goes; the video stays, to be read again."""
        if work.job is not None:
            self._jobs.dismiss(work.job)
        work.job = work.found = work.kept_as = None

    def before(self, work: Work) -> int:
        """How many other videos are read before this one begins."""
        return 0 if work.job is None else self._jobs.before(work.job)

    def remove(self, work: Work) -> None:
        """Its work ends and all of it is erased, but for a video that lies on the server."""
        with self._lock:
            self._works.pop(work.id, None)
        if work.job is not None:
            self._jobs.dismiss(work.job)
        if work.uploaded_to is not None:
            erase(work.uploaded_to)

    def tidy(self) -> None:
        """What nobody has looked at for long is removed."""
        now_s = self._clock.monotonic_s()
        for work in self._all():
            if work.looked_at_s < now_s - KEPT_S and not work.is_under_way:
                self.remove(work)
        self.arrivals.drop_before(now_s - UNCLAIMED_S)

    def _put(self, path: Path, size_bytes: int, uploaded_to: Path | None = None) -> Work:
        id_, now_s = secrets.token_urlsafe(16), self._clock.monotonic_s()
        with self._lock:
            return self._works.setdefault(id_, Work(id_, path, size_bytes, now_s, uploaded_to))

    def _all(self) -> list[Work]:
        with self._lock:
            return list(self._works.values())

    def _keep_tidy(self) -> None:
        while not self._stopping.wait(_TIDY_EVERY_S):
            self.tidy()
