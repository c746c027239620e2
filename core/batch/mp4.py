"""MP4 files of H.264 that every browser plays."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream

from core.errors import VideoError
from core.tables.new_file import new_file, not_written
from core.vision.frame import ImageBgr
from core.vision.video import VideoFrame
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


class Pictures:
    """A stream of pictures: H.264 in even sizes, each picture with its own time.

    Args:
        out: gets a stream more.
        info: of the video whose pictures come.
    """

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
        """What is ready to be written, of this picture or earlier ones."""
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
        """Of the last pictures."""
        return self._stream.encode(None)


def _even(image_bgr: ImageBgr) -> ImageBgr:
    """With its last row or column twice where there would be an odd number, as 4:2:0 asks."""
    height_px, width_px = image_bgr.shape[:2]
    if height_px % 2 == width_px % 2 == 0:
        return image_bgr
    return np.pad(image_bgr, ((0, height_px % 2), (0, width_px % 2), (0, 0)), mode="edge")


@contextmanager
def new_mp4(path: Path) -> Iterator[OutputContainer]:
    """That plays from its first bytes on, and is there as a whole or not at all.

    Raises:
        TableError: the disk is full, or cannot be written.
        VideoError: what it is given cannot be encoded.
    """
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
