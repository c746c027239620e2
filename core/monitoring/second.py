"""What one camera saw in one second: the unit that is kept, judged by rules, and replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.expression.reading import Reading

PROBABILITY_STEPS = 65535
"""Probabilities of seconds are whole multiples of 1/65535: two bytes keep them as they are, so that
what is read back decides as it did."""


@dataclass(frozen=True)
class PersonSecond:
    """One person in one second. Readings that failed the quality gate are left out.

    Attributes:
        track_id: of the person, counted up from 1 for each camera.
        readings: frames of this second in which the face was readable; at least 1.
        shown: mean of the chosen model's readings.
        watched: mean of the alert model's readings of the same frames; None where it is not
            installed.
    """

    track_id: int
    readings: int
    shown: Reading
    watched: Reading | None = None

    def score(self, labels: tuple[str, ...]) -> float:
        """Probability of these labels together: by the alert model for those that it knows."""
        known = set(self.watched.labels) if self.watched is not None else set()
        total = self.watched.total(known & set(labels)) if self.watched is not None else 0.0
        return min(1.0, total + self.shown.total(set(labels) - known))


@dataclass(frozen=True)
class Second:
    """One second of one camera, whole seconds since its first frame.

    Attributes:
        at_s: monotonic seconds of its end; successive seconds of a camera lie 1.0 or more apart.
        at_utc: first frame's wall clock plus the monotonic time since: it never goes back.
        frames: analysed in this second; 0 is never stored.
        faces: most faces seen at once, readable or not.
        brightness: mean grey level of the frames, 0 to 255.
        motion: largest mean difference between successive thumbnails, grey levels; 0.0 means
            that all frames were equal.
        people: in order of track id; those with at least one readable face.
    """

    at_s: float
    at_utc: datetime
    frames: int
    faces: int
    brightness: float
    motion: float
    people: tuple[PersonSecond, ...] = ()
