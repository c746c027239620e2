"""Videos that are read without being read: what the Video page's tests stand in for its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from core.batch.findings import MOMENTS, READINGS
from core.batch.job import JobState
from core.batch.progress import Progress
from core.batch.video import VideoOptions
from core.batch.video_summary import Moment, VideoSummary
from core.expression.labels import FER7
from core.monitoring.second import PROBABILITY_STEPS, PersonSecond, Second
from core.records.camera_row import CameraRow
from core.records.database import open_database
from core.records.second_store import SecondStore
from core.records.session import SessionSource
from core.tables.parquet_table import ParquetTable
from core.vision.jpeg import as_jpeg
from core.vision.video_info import VideoInfo
from core.work.folder import WorkFolder, erase
from tests.support.rows import face_row
from tests.support.seconds import in_steps

BEGAN_UTC = datetime(2026, 1, 5, 9, 30, 0, 250_000, tzinfo=UTC)


class FakeJob:
    """A job that does nothing until a test says what came of it."""

    def __init__(self, path: Path, folder: Path, options: VideoOptions) -> None:
        self.path, self.folder, self.options = path, folder, options
        self.state = JobState.RUNNING
        self.progress: Progress | None = None
        self.left_s: float | None = None
        self.summary: VideoSummary | None = None
        self.trouble: str | None = None
        self.annotated: Path | None = None

    def annotate(self) -> None:
        self.state = JobState.RUNNING

    def cancel(self) -> None:
        self.state = JobState.CANCELLED

    def fail(self, sentence: str) -> None:
        self.state, self.trouble = JobState.FAILED, sentence

    def finish(self, looks: Sequence[str], **other: object) -> None:
        """Every person's letters, second by second: h looks happy, s sad, a blank nobody."""
        self.summary = _written(self.folder, self.path.name, looks, **other)
        self.state = JobState.DONE


class FakeJobs:
    """As `core.batch.jobs.VideoJobs`."""

    def __init__(self, root: Path) -> None:
        self._work = WorkFolder(root)
        self.jobs: list[FakeJob] = []
        self.waiting = 0

    def start(self) -> None:
        self._work.open()

    def new_folder(self) -> Path:
        return self._work.new_folder()

    def add(self, path: Path, folder: Path, options: VideoOptions) -> FakeJob:
        self.jobs.append(FakeJob(path, folder, options))
        return self.jobs[-1]

    def before(self, _: FakeJob) -> int:
        return self.waiting

    def dismiss(self, job: FakeJob) -> None:
        job.cancel()
        erase(job.folder)

    def stop(self) -> None:
        self._work.close()


def _written(folder: Path, name: str, looks: Sequence[str], **other: object) -> VideoSummary:
    camera = CameraRow("video-1", name, "mien7", source=SessionSource.VIDEO)
    seconds = [_second(index, column) for index, column in enumerate(zip(*looks, strict=True))]
    with closing(open_database(None, folder)) as database:
        SecondStore(database).add(camera, seconds)
    with ParquetTable(folder / READINGS, ("happy", "sad")) as table:
        table.add([face_row(name)])
    (folder / MOMENTS).mkdir()
    (folder / MOMENTS / "1.jpg").write_bytes(as_jpeg(np.full((90, 160, 3), 90, np.uint8)))
    found = {
        "info": VideoInfo(float(len(seconds)), (640, 480), 0, 25.0, True, 1_000_000),
        "samples": 5 * len(seconds),
        "seconds": len(seconds),
        "faces_most": max((len(second.people) for second in seconds), default=0),
        "people": len(looks),
        "read_s": float(len(seconds)),
        "broke_off": None,
        "problem": "",
        "moments": (Moment("happy", 2.4, 0.91, 1, "1.jpg"),),
        "session_camera_id": camera.id,
        "took_s": 2.0,
    }
    return VideoSummary(**{**found, **other})  # type: ignore[arg-type]


def _second(index: int, letters: Sequence[str]) -> Second:
    people = [_person(track, letter) for track, letter in enumerate(letters, 1) if letter != " "]
    return Second(
        at_s=index + 1.0,
        at_utc=BEGAN_UTC + timedelta(seconds=index + 1),
        frames=5,
        faces=len(people),
        brightness=120.0,
        motion=2.0,
        people=tuple(people),
    )


def _person(track: int, letter: str) -> PersonSecond:
    label = {"h": "happy", "s": "sad"}[letter]
    steps = [PROBABILITY_STEPS if label == each else 0 for each in FER7]
    return PersonSecond(track, 5, in_steps(FER7, *steps))
