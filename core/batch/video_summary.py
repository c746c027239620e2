"""What was found in one video, small enough to keep beside its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from core.vision.video_info import VideoInfo


@dataclass(frozen=True)
class Moment:
    """A moment in which a face looks clearly like something.

    Attributes:
        label: of the expression.
        at_s: since the video's beginning.
        score: its probability, smoothed over time as on Live.
        person: track id.
        picture: name of a JPEG in the folder `moments`.
    """

    label: str
    at_s: float
    score: float
    person: int
    picture: str


@dataclass(frozen=True)
class VideoSummary:
    """Of a video that was read.

    Attributes:
        info: what the file says of itself.
        samples: pictures that were looked at.
        seconds: whole seconds that are in the session.
        faces_most: most faces in one picture.
        people: that were read; somebody who was away for a while counts again.
        read_s: how far the video was read.
        broke_off: a sentence where it ended before it should have; None where it did not.
        problem: a sentence on what makes the result poor, or empty; "" for nothing.
        moments: the strongest, in order of time.
        session_camera_id: of the one session in `mien.db`.
        took_s: how long reading took, in seconds of this world.
    """

    info: VideoInfo
    samples: int
    seconds: int
    faces_most: int
    people: int
    read_s: float
    broke_off: str | None
    problem: str
    moments: tuple[Moment, ...]
    session_camera_id: str
    took_s: float = 0.0

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """ValueError, KeyError or TypeError where the text is of no summary."""
        told: dict[str, Any] = json.loads(text)
        moments = tuple(Moment(**moment) for moment in told.pop("moments"))
        return cls(info=_info(told.pop("info")), moments=moments, **told)


def _info(told: Mapping[str, Any]) -> VideoInfo:
    recorded = told["recorded_utc"]
    return VideoInfo(
        **{
            **told,
            "size_px": tuple(told["size_px"]),
            "recorded_utc": None if recorded is None else datetime.fromisoformat(recorded),
        }
    )
