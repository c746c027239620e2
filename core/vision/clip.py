"""A video file that plays like a camera: at its own pace, over and over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av

from core.clock import Clock
from core.errors import VideoError


def looped_frames(
    path: Path, clock: Clock, wait: Callable[[float], bool]
) -> Iterator[av.VideoFrame]:
    """The frames of a clip, each when it is due; from the last on to the first.

    A reader that falls behind is not hurried: the clip goes on from there, only later.

    Args:
        path: a video of constant frame rate.
        clock: tells when a frame is due.
        wait: sleeps for so many seconds; True ends the clip (`threading.Event.wait` does both).

    Raises:
        VideoError: the file is missing, or is no video that can be read.
    """
    due_s = clock.monotonic_s()
    while True:
        for frame, lasts_s in _frames(path):
            if wait(max(0.0, due_s - clock.monotonic_s())):
                return
            yield frame
            due_s = max(due_s + lasts_s, clock.monotonic_s())


def _frames(path: Path) -> Iterator[tuple[av.VideoFrame, float]]:
    """Each frame once, and the seconds for which it is to be seen."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1  # a small clip; the analysis needs the cores
            lasts_s = 1 / float(stream.average_rate or 0)
            frames = container.decode(stream)
            # without a first frame the loop above would spin
            yield next(frames), lasts_s
            yield from ((frame, lasts_s) for frame in frames)
    except (av.FFmpegError, IndexError, ZeroDivisionError, StopIteration) as error:
        raise VideoError(
            f"The clip “{path.name}” cannot be played: the file is missing or damaged.",
            f"{path}: {error!r}",
        ) from error
