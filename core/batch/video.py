"""One video, read as a camera would be: its seconds, its samples and its strongest moments."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.batch.findings import MOMENTS, READINGS, READINGS_CSV, Findings
from core.batch.progress import Cancelled, Report
from core.batch.video_summary import Moment, VideoSummary
from core.clock import SystemClock
from core.errors import VideoError
from core.monitoring.analyser import FaceAnalyser, Toolbox
from core.monitoring.settings import AnalysisSettings
from core.records.database import FILE_NAME
from core.tables.convert import write_as_csv
from core.tables.new_file import not_written
from core.vision.face import DetectorKind, FaceDetector
from core.vision.frame import Frame
from core.vision.guided import NEARBY_FACE_PX, GuidedDetector
from core.vision.threads import use_one_core_per_call
from core.vision.video import VideoReader
from core.vision.working_copy import SETTING_WIDTH_PX

__all__ = ["CancelledError", "Moment", "VideoOptions", "VideoSummary", "read_video"]

SUMMARY = "summary.json"

SMALLEST_PX = 96
"""Of the smallest face, where a large picture is scaled down: twice what the networks take."""

LOOK_EVERYWHERE_S = 0.6
"""As long as newcomers may stay unseen."""


class CancelledError(VideoError):
    """Somebody cancelled; nothing is left of what was begun."""


@dataclass(frozen=True)
class VideoOptions:
    """How a video is read.

    Attributes:
        settings: as those of a camera; `mirror` and `power_saving` mean nothing here.
        samples_per_s: pictures that are looked at, of each second of the video.
        annotate: whether a video with the readings drawn into it is wanted as well.
        source: what the tables call the video; "" for its path, as it was given.
        as_csv: whether the readings are wanted as CSV as well.
    """

    settings: AnalysisSettings
    samples_per_s: float = 5.0
    annotate: bool = False
    source: str = ""
    as_csv: bool = False


class VideoClock:
    """Time as it passes in the video."""

    def __init__(self, began_utc: datetime) -> None:
        self.at_s = 0.0
        self._began_utc = began_utc

    def now_utc(self) -> datetime:
        return self._began_utc + timedelta(seconds=self.at_s)

    def monotonic_s(self) -> float:
        return self.at_s


def read_video(
    path: Path,
    folder: Path,
    options: VideoOptions,
    toolbox: Toolbox,
    alert_model: str | None,
    report: Report,
    cancelled: Cancelled,
    began_utc: datetime,
) -> VideoSummary:
    """Reads a whole video; memory does not grow with its length.

    Writes into `folder`: `mien.db` with one session, `readings.parquet` with a row for each face of
    each sample, if asked for `readings.csv` with the same, `moments/*.jpg`, and `summary.json`.
    When it fails, none of them is left.

    Args:
        path: of the video.
        folder: made where it is missing.
        options: how it is read.
        toolbox: builds the detector and the networks.
        alert_model: name of the model that reads pain beside the chosen one; None for none.
        report: told about once a second of the video.
        cancelled: asked at every sample.
        began_utc: when the session begins: as the file says, or the moment of asking.

    Raises:
        CancelledError: somebody cancelled.
        VideoError: the video cannot be read.
        ModelError, DetectorError: the networks cannot be loaded.
        TableError, RecordsError: the results could not be written: the disk is full, for instance.
    """
    use_one_core_per_call()
    settings = options.settings
    clock = VideoClock(began_utc)
    asked_s = SystemClock().monotonic_s()
    analyser = FaceAnalyser(_guided(toolbox, options.samples_per_s), clock, alert_model)
    labels = toolbox.load_classifier(settings.model).labels
    with _all_or_nothing(folder), VideoReader(path) as video:
        findings = Findings(path, video.info, settings, options.source)
        with findings.kept_in(folder, labels):
            frames = video.frames(options.samples_per_s, _longest_px(settings))
            for sequence, frame in enumerate(frames):
                if cancelled():
                    raise CancelledError(f"Reading “{path.name}” was cancelled.")
                clock.at_s = frame.at_s
                captured = Frame(frame.image_bgr, frame.at_s, sequence)
                findings.take(analyser.analyse(captured, settings), frame)
                report(findings.progress)
        if options.as_csv:
            write_as_csv(folder / READINGS, folder / READINGS_CSV)
        took_s = SystemClock().monotonic_s() - asked_s
        summary = replace(findings.summary(folder, video), took_s=took_s)
        (folder / SUMMARY).write_text(summary.to_json(), encoding="utf-8")
    return summary


def _longest_px(settings: AnalysisSettings) -> int:
    return round(SETTING_WIDTH_PX * max(1.0, SMALLEST_PX / settings.smallest_face_px))


def _guided(toolbox: Toolbox, samples_per_s: float) -> Toolbox:
    """The same detectors, which look everywhere only so often, as long as nobody is lost."""
    every = int(LOOK_EVERYWHERE_S * samples_per_s)

    def build(kind: DetectorKind, smallest_face_px: int) -> FaceDetector:
        everywhere = toolbox.build_detector(kind, smallest_face_px)
        if every < 2 or kind is DetectorKind.YUNET:  # which takes as long for a part
            return everywhere
        nearby = toolbox.build_detector(DetectorKind.HAAR, NEARBY_FACE_PX)
        return GuidedDetector(everywhere, nearby, every)

    return replace(toolbox, build_detector=build)


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    done = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
        done = True
    except OSError as error:
        raise not_written(error) from error
    finally:
        if not done:
            database = (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm")
            for name in (READINGS, READINGS_CSV, SUMMARY, *database):
                (folder / name).unlink(missing_ok=True)
            shutil.rmtree(folder / MOMENTS, ignore_errors=True)
