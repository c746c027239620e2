"""What is found in a video while it is read, and where it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from core.batch.moments import MomentKeeper
from core.batch.progress import Progress, Stage
from core.batch.video_summary import VideoSummary
from core.expression.wording import looks_label
from core.monitoring.observation import Observation, ObservedFace
from core.monitoring.second import Second
from core.monitoring.second_meter import SecondMeter
from core.monitoring.settings import AnalysisSettings
from core.records.database import open_database
from core.records.second_store import CameraRow, SecondStore
from core.records.session import SessionSource
from core.tables.parquet_table import ParquetTable
from core.tables.row import ReadingRow
from core.vision.face import Box
from core.vision.video import VideoFrame, VideoReader
from core.vision.video_info import VideoInfo

READINGS, READINGS_CSV, MOMENTS = "readings.parquet", "readings.csv", "moments"
"""Names in the folder, beside the database."""

_BATCH_ROWS, _BATCH_SECONDS = 500, 30
"""Written at once, whichever are there first."""


class Findings:
    """Of one video. Only `moments` and counts stay in memory.

    Args:
        path: of the video, as it was given.
        info: of its header.
        settings: with which it is read.
        source: what the table calls it; "" for its path.
    """

    def __init__(
        self, path: Path, info: VideoInfo, settings: AnalysisSettings, source: str = ""
    ) -> None:
        self._source = source or str(path)
        self._info = info
        self._model = settings.model
        self._camera = CameraRow(
            id=uuid.uuid4().hex,
            name=Path(self._source).name,
            model=settings.model,
            sure_from=settings.sure_from,
            source=SessionSource.VIDEO,
        )
        self._meter = SecondMeter()
        self._moments = MomentKeeper()
        self._rows: list[ReadingRow] = []
        self._open_seconds: list[Second] = []
        self._people: set[int] = set()
        self._samples = self._seconds = self._faces = self._faces_most = 0
        self._at_s = 0.0
        self._watch_trouble: str | None = None

    @contextmanager
    def kept_in(self, folder: Path, labels: Sequence[str]) -> Iterator[None]:
        """What is taken meanwhile is kept there; the table is whole once the block ended well."""
        with (
            closing(open_database(None, folder)) as database,
            ParquetTable(folder / READINGS, labels) as table,
        ):
            self._table, self._store = table, SecondStore(database)
            yield
            self._add_second(self._meter.flush())
            self._flush()

    def take(self, observation: Observation, frame: VideoFrame) -> None:
        """One sample."""
        self._samples += 1
        self._at_s = frame.at_s
        self._faces += len(observation.faces)
        self._faces_most = max(self._faces_most, len(observation.faces))
        self._watch_trouble = observation.watch_trouble
        self._moments.take(observation, frame.image_bgr)
        for face in observation.faces:
            self._rows.append(self._row(face, frame))
            if face.raw is not None:
                self._people.add(face.track_id)
        self._add_second(self._meter.take(observation))
        if len(self._rows) >= _BATCH_ROWS or len(self._open_seconds) >= _BATCH_SECONDS:
            self._flush()

    @property
    def progress(self) -> Progress:
        return Progress(Stage.READING, self._at_s, self._info.duration_s, self._faces)

    def summary(self, folder: Path, video: VideoReader) -> VideoSummary:
        """Once all was taken; writes the pictures of the moments."""
        return VideoSummary(
            info=self._info,
            samples=self._samples,
            seconds=self._seconds,
            faces_most=self._faces_most,
            people=len(self._people),
            read_s=self._at_s,
            broke_off=video.broke_off,
            problem=self._problem(video.damaged),
            moments=self._moments.write(folder / MOMENTS),
            session_camera_id=self._camera.id,
        )

    def _add_second(self, second: Second | None) -> None:
        if second is not None:
            self._open_seconds.append(second)
            self._seconds += 1

    def _flush(self) -> None:
        self._table.add(self._rows)
        self._store.add(self._camera, self._open_seconds)
        self._rows, self._open_seconds = [], []

    def _row(self, face: ObservedFace, frame: VideoFrame) -> ReadingRow:
        recorded_utc, watched = self._info.recorded_utc, face.watched
        at_utc = None if recorded_utc is None else recorded_utc + timedelta(seconds=frame.at_s)
        knows_pain = watched is not None and "pain" in watched.labels
        return ReadingRow(
            source=self._source,
            kind="video",
            model=self._model,
            at_utc=at_utc,
            at_s=frame.at_s,
            person=face.track_id,
            readings=1,
            box_xyxy_px=_edges(face.box.scaled(frame.scale)),
            looks="" if face.raw is None else looks_label(face.label),
            reading=face.raw,
            pain=watched.probability("pain") if watched is not None and knows_pain else None,
            notes="; ".join(face.quality.notes),
        )

    def _problem(self, damaged: int) -> str:
        told = []
        if not self._faces:
            told.append(
                "No face was found. Where faces are small in the picture, a smaller “Smallest "
                "face” finds them."
            )
        elif not self._people:
            told.append("Faces were found, but none was large, sharp and bright enough to be read.")
        if damaged:
            told.append(
                "1 damaged picture was left out."
                if damaged == 1
                else f"{damaged} damaged pictures were left out."
            )
        if self._watch_trouble is not None:
            told.append(self._watch_trouble)
        return " ".join(told)


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
