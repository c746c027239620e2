"""When each picture of a video is shown, whatever its time stamps say."""

from __future__ import annotations

import av

SHORTEST_S = 1e-4
"""Between two pictures: no two have the same time."""

_JITTER_S = 1.0
_LONGEST_S = 24 * 3600.0


class VideoTime:
    """Seconds since the file's beginning; they never stand still or go back.

    Time stamps that are missing are guessed. Where they jump back, or ahead by more than a day, the
    time goes on as if the next picture followed at its usual distance.

    Args:
        begin_s: the time stamp that is the file's beginning.
        usual_s: distance of pictures.
    """

    def __init__(self, begin_s: float, usual_s: float) -> None:
        self._shift_s = -begin_s
        self._usual_s = usual_s
        self._last_s: float | None = None

    def of(self, frame: av.VideoFrame) -> float:
        """Of the next picture."""
        expected_s = 0.0 if self._last_s is None else self._last_s + self._usual_s
        last_s = -SHORTEST_S if self._last_s is None else self._last_s
        if frame.pts is None or frame.time_base is None:
            at_s = expected_s
        else:
            stamp_s = float(frame.pts * frame.time_base)
            if not -_JITTER_S <= stamp_s + self._shift_s - last_s <= _LONGEST_S:
                self._shift_s = expected_s - stamp_s
            at_s = stamp_s + self._shift_s
        self._last_s = max(at_s, last_s + SHORTEST_S)
        return self._last_s
