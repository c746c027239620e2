"""Video files, picture by picture, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from core.errors import VideoError
from core.vision.decoding import Decoding
from core.vision.frame import ImageBgr
from core.vision.sampling import piece_of
from core.vision.turning import turning_of
from core.vision.video_format import MOST_PIXELS, is_cut, opened
from core.vision.video_header import info_from
from core.vision.video_info import VideoInfo
from core.vision.video_time import VideoTime

_USUAL_RATE = 25.0
_CLEARLY_SHORT_S, _CLEARLY_SHORT_SHARE = 1.0, 0.02


@dataclass(frozen=True, eq=False)
class VideoFrame:
    """One picture of a video.

    Attributes:
        at_s: when it is shown, since the file's beginning.
        image_bgr: upright. It belongs to whoever gets it.
        scale: pixels of the upright picture in full size for each of `image_bgr`.
    """

    at_s: float
    image_bgr: ImageBgr
    scale: float = 1.0


def probe(path: Path) -> VideoInfo:
    """What the file says of itself, once one of its pictures could be decoded.

    Raises:
        VideoError: it is no video, or none of its pictures can be decoded.
    """
    with opened(path) as (container, stream):
        first = next(Decoding(container, stream).frames(None), None)
        if first is None:
            raise _undecodable(path)
        return info_from(container, stream, first, path.stat().st_size)


class VideoReader:
    """Reads one video from its beginning to its end, once. Belongs to one thread.

        with VideoReader(path) as video:
            for frame in video.frames(samples_per_s=5):

    Pictures are decoded on one core, in memory that does not grow with the video's length. Damaged
    ones are left out. Where the video changes its size midway, its pictures keep the first one's.

    Attributes:
        info: what the header says, after `probe`.
        broke_off: a sentence once the pictures ended before the file should have; None until then.

    Raises:
        VideoError: as `probe` does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.info = probe(path)
        self.broke_off: str | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._container, self._stream = self._open.enter_context(opened(self._path))
        self._decoding = Decoding(self._container, self._stream)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def damaged(self) -> int:
        """Pictures that could not be decoded so far."""
        return self._decoding.damaged

    def frames(
        self, samples_per_s: float | None, longest_px: int | None = None
    ) -> Iterator[VideoFrame]:
        """The first picture at or after each due time; what is not due costs little.

        Args:
            samples_per_s: due times a second; None for every picture.
            longest_px: pictures whose longer side exceeds it are scaled down.
        """
        time = VideoTime(self._decoding.begin_s, 1 / (self.info.frames_per_s or _USUAL_RATE))
        painter = _Painter(self.info, longest_px)
        last_s, last_piece = 0.0, -1
        for frame in self._decoding.frames(samples_per_s):
            last_s = time.of(frame)
            if samples_per_s is not None:
                piece = piece_of(last_s, samples_per_s)
                if piece <= last_piece:
                    continue
                last_piece = piece
            yield VideoFrame(last_s, painter.paint(frame), painter.scale)
        self._note_early_end(last_s)

    def _note_early_end(self, last_s: float) -> None:
        said_s = self.info.duration_s
        if said_s is not None:
            missing_s = said_s - last_s - 1 / (self.info.frames_per_s or _USUAL_RATE)
            if missing_s > max(_CLEARLY_SHORT_S, _CLEARLY_SHORT_SHARE * said_s):
                self.broke_off = (
                    f"The pictures end at {_clock(last_s)}, although the file says that it is "
                    f"{_clock(said_s)} long: it may be incomplete. All until there was read."
                )
        if self.broke_off is None and (self._decoding.trouble or is_cut(self._path)):
            self.broke_off = (
                f"The file breaks off at {_clock(last_s)}: it is damaged or incomplete. All until "
                "there was read."
            )


class _Painter:
    """Turns decoded pictures upright, in BGR, all of one size."""

    def __init__(self, info: VideoInfo, longest_px: int | None) -> None:
        self.scale = max(1.0, max(info.size_px) / longest_px) if longest_px else 1.0
        self._size_px = info.size_px
        self._reformatter = VideoReformatter()

    def paint(self, frame: av.VideoFrame) -> ImageBgr:
        turning = turning_of(frame)
        width_px, height_px = turning.size_px(*self._size_px)
        converted = self._reformatter.reformat(
            frame,
            width=max(1, round(width_px / self.scale)),
            height=max(1, round(height_px / self.scale)),
            format="bgr24",
            threads=1,
        )
        return turning.upright(np.asarray(converted.to_ndarray(), np.uint8))


def _undecodable(path: Path) -> VideoError:
    return VideoError(
        f"Not one picture of “{path.name}” can be decoded: it is damaged, protected against "
        f"copying, or larger than {MOST_PIXELS // 10**6} million pixels.",
        f"{path}: no frame",
    )


def _clock(at_s: float) -> str:
    """“1:05” or “2:03:09”."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
