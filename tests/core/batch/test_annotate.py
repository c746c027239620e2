from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from core.batch.annotate import annotate
from core.batch.progress import Progress, Stage
from core.batch.video import CancelledError
from core.errors import TableError, VideoError
from core.monitoring.settings import AnalysisSettings
from core.tables.parquet_table import ParquetTable
from core.tables.row import ReadingRow
from core.vision.video import VideoFrame, VideoReader, probe
from tests.support.full_disk import files_of_at_most
from tests.support.observing import FER7, reading
from tests.support.videos import Image, loud_from_s, shade, write_video

SIZE = (320, 240)
SETTINGS = AnalysisSettings()


def row(at_s: float, left: float = 100, happy: float = 0.9) -> ReadingRow:
    box = (left, 80, left + 80, 160)
    return ReadingRow("clip", "video", at_s=at_s, person=1, box_xyxy_px=box, reading=reading(happy))


def table(folder: Path, *rows: ReadingRow) -> Path:
    path = folder / "readings.parquet"
    with ParquetTable(path, FER7) as made:
        made.add(rows)
    return path


def annotated(
    path: Path,
    readings: Path,
    report: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Path, str]:
    out = path.with_name("annotated.mp4")
    return out, annotate(path, readings, out, SETTINGS, report, cancelled)


def pictures(path: Path) -> list[VideoFrame]:
    with VideoReader(path) as video:
        return list(video.frames(None))


def plain(count: int, size: tuple[int, int] = SIZE) -> list[Image]:
    return [shade(100, size)] * count


JERKY_S = [0, 0.04, 0.5, 0.52, 0.54, 1.3, 1.31, 2.0, 3.0]


@pytest.mark.parametrize(
    ("name", "times_s"),
    [
        pytest.param("clip.mp4", list(np.arange(50) / 25), id="25 a second"),
        pytest.param("clip.mkv", list(np.arange(30) / 29.97), id="29.97 a second"),
        pytest.param("clip.mkv", JERKY_S, id="varying"),
        pytest.param("clip.mp4", [0.0], id="one picture"),
    ],
)
def test_every_picture_is_there_when_it_was(
    tmp_path: Path, name: str, times_s: Sequence[float]
) -> None:
    path = write_video(tmp_path / name, plain(len(times_s)), times_s=times_s)
    out, remark = annotated(path, table(tmp_path, row(0.0)))
    assert remark == ""
    assert [frame.at_s for frame in pictures(out)] == pytest.approx(
        [frame.at_s for frame in pictures(path)], abs=1e-4
    )


def test_it_plays_everywhere_and_from_its_first_bytes(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(10))
    out, _ = annotated(path, table(tmp_path))
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def edges(image_bgr: Image) -> tuple[int, int]:
    """The leftmost and the rightmost column that are not plain, in the rows of the box's middle."""
    changed = np.flatnonzero(np.abs(image_bgr[110:130].astype(int) - 100).max(axis=(0, 2)) > 25)
    return int(changed.min()), int(changed.max())


def test_boxes_move_between_samples(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(26), fps=25)
    readings = table(tmp_path, *(row(index / 5, left=60 + 20 * index) for index in range(6)))
    out, _ = annotated(path, readings)
    for frame in pictures(out):
        left, right = edges(frame.image_bgr)
        assert left == pytest.approx(60 + 100 * frame.at_s, abs=4)
        assert right == pytest.approx(140 + 100 * frame.at_s, abs=4)


def test_where_nobody_is_nothing_is_drawn(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(50), fps=25)
    out, _ = annotated(path, table(tmp_path, row(0.8), row(1.0)))
    marked = [frame.at_s for frame in pictures(out) if frame.image_bgr.std() > 4]
    assert (min(marked), max(marked)) == pytest.approx((0.8, 1.16), abs=0.01)


@pytest.mark.parametrize(
    ("name", "sound", "kept_as"),
    [
        pytest.param("clip.mp4", "aac", "aac", id="AAC is copied"),
        pytest.param("clip.mp4", "libmp3lame", "mp3", id="MP3 is copied"),
        pytest.param("clip.mov", "pcm_s16le", "aac", id="PCM"),
        pytest.param("clip.mkv", "libopus", "aac", id="Opus"),
        pytest.param("clip.avi", "pcm_s16le", "aac", id="AVI"),
    ],
)
def test_sound_is_kept_and_stays_with_the_pictures(
    tmp_path: Path, name: str, sound: str, kept_as: str
) -> None:
    flashes_s = [(0.6, 0.8), (2.0, 2.2), (3.4, 3.6)]
    images = [
        shade(230 if any(begin <= at_s < end for begin, end in flashes_s) else 30, (64, 48))
        for at_s in np.arange(100) / 25
    ]
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    path = write_video(
        tmp_path / name, images, codec=codec, sound=sound, seconds=4, beeps_s=flashes_s
    )
    out, remark = annotated(path, table(tmp_path))
    assert remark == ""
    with av.open(str(out)) as container:
        assert container.streams.audio[0].codec_context.codec.canonical_name == kept_as
    bright = [frame.at_s for frame in pictures(out) if frame.image_bgr.mean() > 128]
    begins_s = [at_s for at_s in bright if not any(0 < at_s - other < 0.1 for other in bright)]
    assert begins_s == pytest.approx([begin for begin, _ in flashes_s], abs=0.02)
    assert loud_from_s(out) == pytest.approx(begins_s, abs=0.05)


@pytest.mark.parametrize("sound", ["aac", "libopus"])
def test_sound_that_begins_late_begins_late(tmp_path: Path, sound: str) -> None:
    path = write_video(
        tmp_path / "clip.mkv",
        plain(75, (64, 48)),
        sound=sound,
        seconds=2,
        sound_from_s=1.0,
        beeps_s=[(1.5, 1.7)],
    )
    out, _ = annotated(path, table(tmp_path))
    assert loud_from_s(out) == pytest.approx(loud_from_s(path), abs=0.05)
    assert loud_from_s(out) == pytest.approx([1.5], abs=0.05)


def test_pictures_that_begin_late_begin_late(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "clip.mkv",
        plain(25, (64, 48)),
        times_s=[2 + index / 25 for index in range(25)],
        sound="aac",
        seconds=3,
        beeps_s=[(2.5, 2.7)],
    )
    out, _ = annotated(path, table(tmp_path))
    assert pictures(out)[0].at_s == pytest.approx(2.0, abs=0.05)
    assert loud_from_s(out) == pytest.approx([2.5], abs=0.05)


def test_sound_longer_than_the_pictures_is_kept_whole(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(10, (64, 48)), sound="aac", seconds=5)
    out, _ = annotated(path, table(tmp_path))
    with av.open(str(out)) as container:
        assert container.duration / av.time_base == pytest.approx(5, abs=0.1)


def test_the_copy_is_upright_and_even(tmp_path: Path) -> None:
    images = [np.full((241, 320, 3), 100, np.uint8)] * 4
    path = write_video(tmp_path / "clip.mkv", images, codec="ffv1", pix_fmt="bgr0", rotated=None)
    assert probe(annotated(path, table(tmp_path))[0]).size_px == (320, 242)
    turned = write_video(tmp_path / "turned.mp4", plain(4), rotated=(90, False, False))
    info = probe(annotated(turned, table(tmp_path))[0])
    assert (info.size_px, info.rotation_deg) == ((240, 320), 0)


def test_a_large_video_gets_a_smaller_copy(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(2, (3840, 2160)))
    assert probe(annotated(path, table(tmp_path))[0]).size_px == (1920, 1080)


def test_colours_stay(tmp_path: Path) -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    image[:] = (40, 90, 200)
    path = write_video(tmp_path / "clip.mp4", [image] * 5)
    before, after = pictures(path)[2], pictures(annotated(path, table(tmp_path))[0])[2]
    assert before.image_bgr.mean(axis=(0, 1)) == pytest.approx(
        after.image_bgr.mean(axis=(0, 1)), abs=4
    )


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_when_it_is_cancelled_nothing_is_left_and_an_older_copy_stays(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(50), sound="aac", seconds=2)
    readings = table(tmp_path)
    older = tmp_path / "annotated.mp4"
    older.write_bytes(b"older")
    answers = iter([False] * 30)
    with pytest.raises(CancelledError):
        annotated(path, readings, cancelled=lambda: next(answers, True))
    assert left(tmp_path) == {"clip.mp4", "readings.parquet", "annotated.mp4"}
    assert older.read_bytes() == b"older"


def test_it_tells_how_far_it_has_come(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(50))
    told: list[Progress] = []
    annotated(path, table(tmp_path), report=told.append)
    assert [progress.done_s for progress in told] == pytest.approx(list(np.arange(50) / 25))
    assert {progress.stage for progress in told} == {Stage.ANNOTATING}


def test_a_disk_that_fills_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    noise = [random.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(100)]
    path = write_video(tmp_path / "clip.mp4", noise)
    readings = table(tmp_path)
    with files_of_at_most(50_000), pytest.raises(TableError, match="disk is full"):
        annotated(path, readings)
    assert left(tmp_path) == {"clip.mp4", "readings.parquet"}


def test_a_file_that_breaks_off_gets_a_copy_as_far_as_it_goes(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    noise = [random.integers(0, 255, (48, 64, 3), np.uint8) for _ in range(100)]
    whole = write_video(
        tmp_path / "whole.mp4",
        noise,
        options={"g": "10"},
        container={"movflags": "+faststart"},
        sound="aac",
        seconds=4,
    )
    data = whole.read_bytes()
    path = tmp_path / "clip.mp4"
    path.write_bytes(data[: len(data) // 2])
    out, remark = annotated(path, table(tmp_path))
    assert "All until there was read" in remark
    assert 20 < len(pictures(out)) < 80


def test_a_table_that_is_none_is_said(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", plain(3))
    (tmp_path / "readings.parquet").write_bytes(b"no table")
    with pytest.raises(TableError):
        annotated(path, tmp_path / "readings.parquet")


def test_what_is_no_video_is_said(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no video")
    with pytest.raises(VideoError):
        annotated(path, table(tmp_path))
    assert left(tmp_path) == {"clip.mp4", "readings.parquet"}


def test_sound_of_a_rare_kind_is_left_out_and_that_is_said(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mkv", plain(10), sound="aac", seconds=1)
    path.write_bytes(path.read_bytes().replace(b"A_AAC", b"A_ZZZ"))
    out, remark = annotated(path, table(tmp_path))
    assert "sound cannot be decoded" in remark
    assert len(pictures(out)) == 10
    assert not probe(out).has_sound
