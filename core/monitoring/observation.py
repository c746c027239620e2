"""What the analysis of one frame found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.expression.reading import Reading
from core.vision.face import Box
from core.vision.quality import Quality


@dataclass(frozen=True)
class ObservedFace:
    """One person in one frame.

    Attributes:
        track_id: stays with the person from frame to frame; counts up from 1 for each camera.
        box: smoothed, in pixels of the frame.
        quality: of the face in this frame.
        raw: the reading of this frame alone; None where the face is not readable.
        smoothed: the reading over the last moments, for showing; None until one was readable.
        label: the expression to name, held steady (`SteadyLabel`); None is "not sure".
        watched: the alert model's reading of this frame alone; None where the face is not
            readable or that model does not run.
    """

    track_id: int
    box: Box
    quality: Quality
    raw: Reading | None
    smoothed: Reading | None
    label: str | None = None
    watched: Reading | None = None


@dataclass(frozen=True)
class Observation:
    """All faces of one frame.

    Attributes:
        sequence: of the frame.
        captured_s: monotonic seconds when the frame arrived.
        finished_s: monotonic seconds when its analysis ended.
        taken_utc: aware UTC of the arrival.
        frame_size: width and height in pixels.
        brightness: mean grey level of the whole frame, 0 to 255.
        faces: largest first.
        motion: mean difference to the frame before, grey levels; 0.0 means that both are equal,
            None that there was none before.
        watch_trouble: a sentence where the alert model does not run; None where it does.
    """

    sequence: int
    captured_s: float
    finished_s: float
    taken_utc: datetime
    frame_size: tuple[int, int]
    brightness: float
    faces: tuple[ObservedFace, ...]
    motion: float | None = None
    watch_trouble: str | None = None

    @property
    def latency_s(self) -> float:
        return self.finished_s - self.captured_s
