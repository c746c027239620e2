"""From a camera's observations to one `Second` for each second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean

from core.expression.reading import Reading
from core.monitoring.observation import Observation
from core.monitoring.second import PROBABILITY_STEPS, PersonSecond, Second

UNCOMPARED_MOTION = 255.0
"""Of a second whose only frame was the camera's first: it counts as moving."""


@dataclass
class _Open:
    """The second that is being filled."""

    index: int
    brightness: list[float] = field(default_factory=list)
    motion: list[float] = field(default_factory=list)
    faces: int = 0
    shown: dict[int, list[Reading]] = field(default_factory=dict)
    watched: dict[int, list[Reading]] = field(default_factory=dict)

    def take(self, observation: Observation) -> None:
        self.brightness.append(observation.brightness)
        if observation.motion is not None:
            self.motion.append(observation.motion)
        self.faces = max(self.faces, len(observation.faces))
        for face in observation.faces:
            if face.raw is not None:
                self.shown.setdefault(face.track_id, []).append(face.raw)
                if face.watched is not None:
                    self.watched.setdefault(face.track_id, []).append(face.watched)


class SecondMeter:
    """Cuts one camera's observations into whole seconds since its first frame.

    A second is given out when the next one begins, or on `flush`. An observation that comes after
    its second was flushed counts in the next one, so that seconds never overlap.
    """

    def __init__(self) -> None:
        self._first: tuple[float, datetime] | None = None
        self._open: _Open | None = None
        self._given_until = -1

    def take(self, observation: Observation) -> Second | None:
        """Count one observation; the second before it, if that is over now."""
        if self._first is None:
            self._first = observation.captured_s, observation.taken_utc
        # seconds before the first frame do not exist, nor does one that was given out
        index = max(int(observation.captured_s - self._first[0]), self._given_until + 1)
        done = None
        if self._open is not None and index > self._open.index:
            done = self.flush()
        if self._open is None:
            self._open = _Open(index)
        self._open.take(observation)
        return done

    def flush_until(self, now_s: float) -> Second | None:
        """The open second, if it ended before this moment: for a camera that went silent."""
        if self._open is None or self._first is None:
            return None
        return self.flush() if now_s >= self._first[0] + self._open.index + 1 else None

    def flush(self) -> Second | None:
        """The open second as it is; None where nothing was observed in it."""
        done, self._open = self._open, None
        if done is None or self._first is None:
            return None
        self._given_until = done.index
        first_s, first_utc = self._first
        return Second(
            at_s=first_s + done.index + 1,
            at_utc=first_utc + timedelta(seconds=done.index + 1),
            frames=len(done.brightness),
            faces=done.faces,
            brightness=fmean(done.brightness),
            motion=max(done.motion, default=UNCOMPARED_MOTION),
            people=tuple(_people(done)),
        )


def _people(done: _Open) -> Iterable[PersonSecond]:
    for track_id, shown in sorted(done.shown.items()):
        watched = done.watched.get(track_id)
        yield PersonSecond(
            track_id,
            readings=len(shown),
            shown=_mean(shown),
            watched=_mean(watched) if watched else None,
        )


def _mean(readings: Sequence[Reading]) -> Reading:
    """Of those of the newest label set: another model may be chosen in mid-second."""
    labels = readings[-1].labels
    rows = [reading.probabilities for reading in readings if reading.labels == labels]
    means = (fmean(column) for column in zip(*rows, strict=True))
    steps = (round(mean * PROBABILITY_STEPS) for mean in means)
    return Reading(labels, tuple(step / PROBABILITY_STEPS for step in steps))
