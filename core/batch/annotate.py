"""A copy of a video with the readings drawn into it."""

from __future__ import annotations

import errno
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from core.batch.progress import Cancelled, Progress, Report, Stage
from core.batch.replay import Replay, usual_step_s
from core.batch.sound import Sound, stream_of
from core.batch.video import CancelledError
from core.errors import VideoError
from core.monitoring.observation import Observation
from core.monitoring.overlay import face_marks
from core.monitoring.settings import AnalysisSettings
from core.tables.new_file import new_file, not_written
from core.tables.parquet_table import read_rows
from core.vision.annotate import draw_faces_onto
from core.vision.frame import ImageBgr
from core.vision.threads import use_one_core_per_call
from core.vision.video import VideoFrame, VideoReader
from core.vision.video_format import opened
from core.vision.video_info import VideoInfo

LONGEST_PX = 1920
"""A copy to look at; encoding 4K takes minutes for each of its minutes, and a gigabyte."""

_TICKS_PER_S = 90_000
"""Fine enough for any frame rate, and the one that broadcasting counts in."""

_ENCODER = {"preset": "veryfast", "crf": "23"}
_MOST_CORES = 4
"""Each core more holds pictures more; cameras may want theirs."""
_USUAL_RATE = 25
_BT709 = 1
"""What players assume where a video does not say; in FFmpeg's three lists of colours alike."""
_OF_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_NEVER = datetime.fromtimestamp(0, UTC)


def annotate(
    path: Path,
    readings_parquet: Path,
    out_path: Path,
    settings: AnalysisSettings,
    report: Report,
    cancelled: Cancelled,
) -> str:
    """Writes an MP4 (H.264) with every picture of the video, each when it was, and its sound.

    Boxes move between samples as the faces did; the words are those that Live would have said. The
    file is there as a whole or not at all. Memory does not grow with the video's length.

    Args:
        path: of the video.
        readings_parquet: what `read_video` wrote of it.
        out_path: an older file stays until the new one is whole.
        settings: as given to `read_video`.
        report: told about every picture.
        cancelled: asked at every picture.

    Returns:
        A sentence on what is missing in the copy; "" for nothing.

    Raises:
        CancelledError: somebody cancelled.
        VideoError: the video cannot be read or encoded.
        TableError: the table is damaged, or the disk is full.
    """
    use_one_core_per_call()
    step_s = usual_step_s(read_rows(readings_parquet))
    replay = Replay(read_rows(readings_parquet), step_s, settings.sure_from)
    with (
        VideoReader(path) as video,
        opened(path) as (source, _),
        _new_mp4(out_path) as out,
    ):
        pictures = _Pictures(out, video.info)
        heard = stream_of(source)
        sound = None if heard is None else Sound(source, heard, out)
        for frame in video.frames(None, LONGEST_PX):
            if cancelled():
                raise CancelledError(f"Annotating “{path.name}” was cancelled.")
            _draw(frame, replay, video.info)
            out.mux(pictures.encode(frame))
            _add_sound(out, sound, frame.at_s)
            report(Progress(Stage.ANNOTATING, frame.at_s, video.info.duration_s))
        out.mux(pictures.rest())
        _add_sound(out, sound, math.inf)
    return _missing(video, sound)


def _draw(frame: VideoFrame, replay: Replay, info: VideoInfo) -> None:
    faces = tuple(replay.at(frame.at_s))
    if faces:
        seen = Observation(0, frame.at_s, frame.at_s, _NEVER, info.size_px, 0.0, faces)
        marks = face_marks(seen, frame.image_bgr.shape[1], mirror=False)
        draw_faces_onto(frame.image_bgr, marks)


def _add_sound(out: OutputContainer, sound: Sound | None, at_s: float) -> None:
    if sound is not None:
        for packet in sound.until(at_s):
            out.mux(packet)


def _missing(video: VideoReader, sound: Sound | None) -> str:
    told = [video.broke_off or ""]
    if sound is None and video.info.has_sound:
        told.append("Its sound cannot be decoded, so the copy has none.")
    elif sound is not None and sound.cut:
        told.append("Its sound is damaged, so the copy has not all of it.")
    return " ".join(sentence for sentence in told if sentence)


class _Pictures:
    """The stream of pictures: H.264 in even sizes, with times of its own for each picture."""

    def __init__(self, out: OutputContainer, info: VideoInfo) -> None:
        self._stream: VideoStream = out.add_stream(
            "libx264",
            rate=Fraction(info.frames_per_s or _USUAL_RATE).limit_denominator(1001),
            options=_ENCODER,
            time_base=Fraction(1, _TICKS_PER_S),
        )
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.thread_count = min(_MOST_CORES, os.cpu_count() or 1)
        scale = max(1.0, max(info.size_px) / LONGEST_PX)
        width_px, height_px = (max(1, round(side / scale)) for side in info.size_px)
        self._stream.width, self._stream.height = width_px + width_px % 2, height_px + height_px % 2
        self._stream.color_primaries = self._stream.color_trc = self._stream.colorspace = _BT709
        self._stream.color_range = ColorRange.MPEG
        self._reformatter = VideoReformatter()
        self._last = -1

    def encode(self, frame: VideoFrame) -> list[Packet[VideoStream]]:
        picture = self._reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(_even(frame.image_bgr), format="bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        self._last = max(self._last + 1, round(frame.at_s * _TICKS_PER_S))
        picture.pts, picture.time_base = self._last, Fraction(1, _TICKS_PER_S)
        return self._stream.encode(picture)

    def rest(self) -> list[Packet[VideoStream]]:
        return self._stream.encode(None)


def _even(image_bgr: ImageBgr) -> ImageBgr:
    """With its last row or column twice where there would be an odd number, as 4:2:0 asks."""
    height_px, width_px = image_bgr.shape[:2]
    if height_px % 2 == width_px % 2 == 0:
        return image_bgr
    return np.pad(image_bgr, ((0, height_px % 2), (0, width_px % 2), (0, 0)), mode="edge")


@contextmanager
def _new_mp4(path: Path) -> Iterator[OutputContainer]:
    with new_file(path) as part:
        try:
            with av.open(
                f"file:{part.absolute()}", "w", format="mp4", options={"movflags": "+faststart"}
            ) as out:
                yield out
        except av.FFmpegError as error:
            if isinstance(error, OSError) or error.errno in _OF_DISKS:
                raise not_written(OSError(error.errno, error.strerror)) from error
            raise VideoError("The annotated video could not be encoded.", repr(error)) from error
