"""What a video file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class VideoInfo:
    """Read from the header, which may lie: nothing may depend on it but what is shown.

    Attributes:
        duration_s: None where the file does not tell.
        size_px: width and height of the upright picture, after its rotation.
        rotation_deg: clockwise turn that makes it upright: 0, 90, 180 or 270.
        frames_per_s: on average; None where unknown or varying beyond sense.
        has_sound: whether it has an audio stream that can be decoded.
        size_bytes: of the file.
        recorded_utc: when it was recorded, as the file says; None where it does not.
    """

    duration_s: float | None
    size_px: tuple[int, int]
    rotation_deg: int
    frames_per_s: float | None
    has_sound: bool
    size_bytes: int
    recorded_utc: datetime | None = None
