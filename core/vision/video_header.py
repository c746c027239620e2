"""What the header of a video says, as far as it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core.vision.turning import turning_of
from core.vision.video_info import VideoInfo

_SLOWEST, _FASTEST = 0.01, 1000.0
_MOST_SQUEEZED = 4.0
_OLDEST_YEAR = 1990
"""Cameras whose clock was never set say 1904 or 1970."""


def info_from(
    container: InputContainer, stream: VideoStream, first: av.VideoFrame, size_bytes: int
) -> VideoInfo:
    """Of an open video and its first picture, which knows size and rotation better."""
    turning = turning_of(first)
    return VideoInfo(
        duration_s=_duration_s(container, stream),
        size_px=turning.size_px(*_square_px(stream, first.width, first.height)),
        rotation_deg=turning.clockwise_deg,
        frames_per_s=_frames_per_s(stream),
        has_sound=any(sound.codec_context is not None for sound in container.streams.audio),
        size_bytes=size_bytes,
        recorded_utc=_recorded_utc({**stream.metadata, **container.metadata}),
    )


def _square_px(stream: VideoStream, width_px: int, height_px: int) -> tuple[int, int]:
    """The size of the stored picture once its pixels are square: old camcorders' are not."""
    ratio = float(stream.sample_aspect_ratio or 1)
    if not 1 / _MOST_SQUEEZED <= ratio <= _MOST_SQUEEZED:
        ratio = 1.0
    return max(1, round(width_px * ratio)), height_px


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        duration_s = float(stream.duration * stream.time_base)
    else:
        duration_s = (container.duration or 0) / av.time_base
    return duration_s if duration_s > 0 else None


def _frames_per_s(stream: VideoStream) -> float | None:
    rate = float(stream.average_rate or 0)
    return rate if _SLOWEST <= rate <= _FASTEST else None


def _recorded_utc(metadata: Mapping[str, str]) -> datetime | None:
    for key in ("com.apple.quicktime.creationdate", "creation_time", "DATE_DIGITIZED"):
        try:
            told = datetime.fromisoformat(metadata.get(key, ""))
        except ValueError:
            continue
        if told.tzinfo is not None and told.year >= _OLDEST_YEAR:
            return told.astimezone(UTC)
    return None
