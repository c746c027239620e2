"""A copy of a video with the readings drawn into it."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

from av.container import OutputContainer

from core.batch.mp4 import LONGEST_PX, Pictures, new_mp4
from core.batch.progress import Cancelled, Progress, Report, Stage
from core.batch.replay import Replay, usual_step_s
from core.batch.sound import Sound, stream_of
from core.batch.video import CancelledError
from core.monitoring.observation import Observation
from core.monitoring.overlay import face_marks
from core.monitoring.settings import AnalysisSettings
from core.tables.parquet_table import read_rows
from core.vision.annotate import draw_faces_onto
from core.vision.threads import use_one_core_per_call
from core.vision.video import VideoFrame, VideoReader
from core.vision.video_format import opened
from core.vision.video_info import VideoInfo

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
        new_mp4(out_path) as out,
    ):
        pictures = Pictures(out, video.info)
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
        silent = sound is None and bool(source.streams.audio)
    return _missing(video, sound, silent=silent)


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


def _missing(video: VideoReader, sound: Sound | None, *, silent: bool) -> str:
    told = [video.broke_off or ""]
    if silent:
        told.append("Its sound cannot be decoded, so the copy has none.")
    elif sound is not None and sound.cut:
        told.append("Its sound is damaged, so the copy has not all of it.")
    return " ".join(sentence for sentence in told if sentence)
