from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from core.batch import findings
from core.batch.progress import Progress, Stage
from core.batch.video import CancelledError, VideoOptions, VideoSummary, read_video
from core.errors import MienError, ModelError, RecordsError, TableError, VideoError
from core.expression.classifier import ExpressionClassifier
from core.expression.labels import FER7
from core.monitoring.analyser import Toolbox
from core.monitoring.second import Second
from core.monitoring.settings import AnalysisSettings
from core.records.database import open_database
from core.records.second_store import CameraRow, SecondStore
from core.records.session import SessionSource
from core.tables.parquet_table import read_rows
from core.tables.row import ReadingRow
from core.vision.detectors import build_detector
from core.vision.face import Box
from tests.core.vision.scenes import scene
from tests.support.full_disk import files_of_at_most
from tests.support.reading import FakeClassifier
from tests.support.seconds import PAIN
from tests.support.videos import Image, shade, write_video

BEGAN_UTC = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OPTIONS = VideoOptions(AnalysisSettings(model="fake"), source="family/picnic.mp4")


def load(name: str) -> ExpressionClassifier:
    if name == "missing":
        raise ModelError("The model is not installed.")
    return FakeClassifier(0.7, PAIN) if name == "pain" else FakeClassifier(0.9)


TOOLBOX = Toolbox(build_detector, load)


def moving_face(count: int, size: tuple[int, int] = (320, 240)) -> list[Image]:
    """One face that moves to the right by 2 pixels a picture."""
    return [scene(80, size, at=(100 + 2 * index, 120))[0] for index in range(count)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with one face."""
    return write_video(tmp_path_factory.mktemp("video") / "clip.mp4", moving_face(45), fps=15)


def read(
    path: Path,
    folder: Path,
    options: VideoOptions = OPTIONS,
    report: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    toolbox: Toolbox = TOOLBOX,
    alert_model: str | None = "pain",
) -> VideoSummary:
    return read_video(path, folder, options, toolbox, alert_model, report, cancelled, BEGAN_UTC)


def rows(folder: Path) -> list[ReadingRow]:
    return list(read_rows(folder / "readings.parquet"))


def sessions(folder: Path) -> Iterator[tuple[CameraRow, list[Second]]]:
    with closing(open_database(None, folder)) as database:
        found = SecondStore(database).between(BEGAN_UTC, BEGAN_UTC + timedelta(days=30))
        yield from ((camera, list(seconds)) for camera, seconds in found)


def test_a_video_is_read_into_seconds_samples_and_moments(tmp_path: Path, clip: Path) -> None:
    summary = read(clip, tmp_path)
    assert (summary.samples, summary.seconds) == (15, 3)
    assert (summary.faces_most, summary.people) == (1, 1)
    assert summary.read_s == pytest.approx(2.8)
    assert (summary.broke_off, summary.problem) == (None, "")
    assert VideoSummary.from_json((tmp_path / "summary.json").read_text()) == summary

    ((camera, seconds),) = sessions(tmp_path)
    assert camera == CameraRow(
        summary.session_camera_id,
        "picnic.mp4",
        "fake",
        OPTIONS.settings.sure_from,
        SessionSource.VIDEO,
    )
    assert [each.at_utc - BEGAN_UTC for each in seconds] == [
        timedelta(seconds=end) for end in (1, 2, 3)
    ]
    assert [each.frames for each in seconds] == [5, 5, 5]
    assert seconds[1].people[0].shown.probability("happy") == pytest.approx(0.9, abs=1e-4)

    (moment,) = summary.moments
    assert (moment.label, moment.person) == ("happy", 1)
    assert moment.score == pytest.approx(0.9)
    with Picture.open(tmp_path / "moments" / moment.picture) as picture:
        assert picture.size == (480, 360)


def test_each_sample_has_a_row_with_the_box_in_the_full_picture(tmp_path: Path, clip: Path) -> None:
    read(clip, tmp_path)
    found = rows(tmp_path)
    assert [row.at_s for row in found] == pytest.approx(np.arange(15) / 5)
    for row in found:
        assert (row.source, row.kind, row.model) == ("family/picnic.mp4", "video", "fake")
        assert (row.person, row.readings, row.at_utc) == (1, 1, None)
        assert row.looks == "looks happy"
        assert row.reading is not None
        assert row.reading.labels == FER7
        assert row.pain == pytest.approx(0.3)
    truth = [scene(80, (320, 240), at=(100 + 2 * index, 120))[1] for index in range(0, 45, 3)]
    overlaps = [
        Box(*row.box_xyxy_px).overlap(box)  # type: ignore[misc]
        for row, box in zip(found, truth, strict=True)
    ]
    assert min(overlaps) > 0.6


def test_boxes_of_a_large_video_are_in_its_own_pixels(tmp_path: Path) -> None:
    size = (1600, 1200)
    path = write_video(tmp_path / "clip.mp4", [scene(400, size)[0]] * 4, fps=5)
    read(path, tmp_path / "out")
    for row in rows(tmp_path / "out"):
        assert row.box_xyxy_px is not None
        assert Box(*row.box_xyxy_px).overlap(scene(400, size)[1]) > 0.6


def test_rows_tell_the_time_where_the_file_does(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mp4",
        moving_face(10),
        fps=5,
        metadata={"creation_time": "2024-05-06T07:08:09Z"},
    )
    read(path, tmp_path / "out")
    recorded_utc = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert rows(tmp_path / "out")[5].at_utc == recorded_utc + timedelta(seconds=1)


def test_a_turned_video_is_read_upright(tmp_path: Path) -> None:
    stored = [np.ascontiguousarray(np.rot90(image)) for image in moving_face(15)]
    path = write_video(tmp_path / "clip.mp4", stored, fps=5, rotated=(-90, False, False))
    assert read(path, tmp_path / "out").people == 1
    box = rows(tmp_path / "out")[0].box_xyxy_px
    assert box is not None
    assert Box(*box).overlap(scene(80, (320, 240), at=(100, 120))[1]) > 0.6


def test_seconds_without_pictures_are_left_out(tmp_path: Path) -> None:
    times_s = [0, 0.5, 7.2, 7.4, 7.6]
    path = write_video(tmp_path / "clip.mkv", moving_face(5), times_s=times_s)
    summary = read(path, tmp_path / "out")
    ((_, seconds),) = sessions(tmp_path / "out")
    assert [each.at_utc - BEGAN_UTC for each in seconds] == [
        timedelta(seconds=1),
        timedelta(seconds=8),
    ]
    assert summary.seconds == 2


def test_more_samples_are_more_rows_and_the_same_seconds(tmp_path: Path, clip: Path) -> None:
    summary = read(clip, tmp_path, replace(OPTIONS, samples_per_s=15))
    assert (summary.samples, summary.seconds, len(rows(tmp_path))) == (45, 3, 45)


def test_it_tells_how_far_it_has_come(tmp_path: Path, clip: Path) -> None:
    told: list[Progress] = []
    read(clip, tmp_path, report=told.append)
    done_s = [progress.done_s for progress in told]
    assert done_s == sorted(done_s)
    assert told[-1] == Progress(Stage.READING, pytest.approx(2.8), pytest.approx(3, abs=0.01), 15)


@pytest.mark.parametrize(
    ("images", "problem"),
    [
        pytest.param([shade(120, (320, 240))] * 10, "No face was found", id="nobody"),
        pytest.param([shade(0, (320, 240))] * 10, "No face was found", id="black"),
        pytest.param(
            [image // 12 for image in moving_face(10)], "none was large, sharp", id="too dark"
        ),
    ],
)
def test_what_makes_the_result_poor_is_said(
    tmp_path: Path, images: list[Image], problem: str
) -> None:
    path = write_video(tmp_path / "clip.mp4", images, fps=5)
    summary = read(path, tmp_path / "out")
    assert problem in summary.problem
    assert (summary.people, summary.moments) == (0, ())
    assert summary.seconds == 2


def test_an_alert_model_that_is_missing_is_said_and_stops_nothing(
    tmp_path: Path, clip: Path
) -> None:
    summary = read(clip, tmp_path, alert_model="missing")
    assert "not installed" in summary.problem
    assert {row.pain for row in rows(tmp_path)} == {None}


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path, clip: Path) -> None:
    whole = write_video(
        tmp_path / "whole.mp4",
        moving_face(45),
        fps=15,
        options={"g": "5"},
        container={"movflags": "+faststart"},
    )
    data = whole.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: len(data) // 2])
    summary = read(cut, tmp_path / "out")
    assert summary.broke_off is not None
    assert 2 < len(rows(tmp_path / "out")) < 13


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def no_longer_after(samples: int) -> Callable[[], bool]:
    answers = iter([False] * samples)
    return lambda: next(answers, True)


def test_when_it_is_cancelled_nothing_is_left(tmp_path: Path, clip: Path) -> None:
    with pytest.raises(CancelledError):
        read(clip, tmp_path / "out", cancelled=no_longer_after(7))
    assert left(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("most_bytes", "error"),
    [
        pytest.param(0, RecordsError, id="at once"),
        pytest.param(8_000, (RecordsError, TableError), id="soon"),
    ],
)
def test_a_disk_that_fills_is_said_and_nothing_is_left(
    tmp_path: Path, clip: Path, most_bytes: int, error: type[MienError]
) -> None:
    with files_of_at_most(most_bytes), pytest.raises(error):
        read(clip, tmp_path / "out")
    assert left(tmp_path / "out") == []


def test_a_table_that_finds_no_room_is_said_and_nothing_is_left(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(findings.ParquetTable, "add", refuse)
    with pytest.raises(TableError, match="disk is full"):
        read(clip, tmp_path / "out")
    assert left(tmp_path / "out") == []


def test_a_database_that_cannot_be_written_is_said_and_nothing_is_left(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RecordsError("The disk is full.")

    monkeypatch.setattr(findings.SecondStore, "add", refuse)
    with pytest.raises(RecordsError):
        read(clip, tmp_path / "out")
    assert left(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("options", "error"),
    [
        pytest.param(OPTIONS, VideoError, id="no video"),
        pytest.param(VideoOptions(AnalysisSettings(model="missing")), ModelError, id="no model"),
    ],
)
def test_what_cannot_begin_leaves_nothing(
    tmp_path: Path, options: VideoOptions, error: type[MienError]
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(error):
        read(path, tmp_path / "out", options)
    assert not (tmp_path / "out").exists() or left(tmp_path / "out") == []


def test_what_others_put_into_the_folder_stays(tmp_path: Path, clip: Path) -> None:
    (tmp_path / "upload.mp4").write_bytes(b"theirs")
    with pytest.raises(CancelledError):
        read(clip, tmp_path, cancelled=lambda: True)
    assert left(tmp_path) == ["upload.mp4"]
