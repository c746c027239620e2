"""Observations made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.observation import Observation, ObservedFace
from core.vision.face import Box
from core.vision.quality import Quality, QualityNote

BOX = Box(100, 100, 220, 220)
START_UTC = datetime(2026, 1, 1, tzinfo=UTC)


def reading(happy: float = 0.8, labels: tuple[str, ...] = FER7) -> Reading:
    """The second half goes evenly to the other labels."""
    rest = (1 - happy) / (len(labels) - 1)
    special = "happy" if "happy" in labels else labels[0]
    return Reading(labels, tuple(happy if label == special else rest for label in labels))


def observed_face(
    track_id: int = 1,
    *,
    happy: float = 0.8,
    read: bool = True,
    notes: tuple[QualityNote, ...] = (),
    labels: tuple[str, ...] = FER7,
    box: Box = BOX,
    watched: Reading | None = None,
) -> ObservedFace:
    """One face; not readable where it was not read."""
    found = reading(happy, labels) if read else None
    return ObservedFace(
        track_id=track_id,
        box=box,
        quality=Quality(box.width_px, 120, 300, notes, readable=read),
        raw=found,
        smoothed=found,
        label=found.top if found is not None else None,
        watched=watched,
    )


def observation(
    *faces: ObservedFace,
    at_s: float = 0.0,
    brightness: float = 120.0,
    sequence: int = 0,
    motion: float | None = 1.0,
) -> Observation:
    """Of a frame taken `at_s` seconds after the start, analysed in 40 ms."""
    return Observation(
        sequence=sequence,
        captured_s=at_s,
        finished_s=at_s + 0.04,
        taken_utc=START_UTC + timedelta(seconds=at_s),
        frame_size=(640, 480),
        brightness=brightness,
        faces=faces,
        motion=motion,
    )
