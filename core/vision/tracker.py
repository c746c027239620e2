"""Who is who from look to look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.vision.face import Box, Face

_FORGET_AFTER_S = 1.5
# A still face jitters by 2 % of its side from look to look; this much smoothing hides it.
_STILL_TAU_S = 0.3
# How strongly movement shortens the smoothing: a face that moves half its side is followed at once.
_FOLLOW = 20.0
_VELOCITY_TAU_S = 0.2
_LONGEST_PREDICTION_S = 0.5
# How far a person may be from where they were expected, in face sides: at once, more per second.
_REACH, _REACH_PER_S, _FURTHEST_REACH = 0.6, 1.0, 1.2
_LARGEST_SIZE_RATIO = 2.0


@dataclass(frozen=True)
class TrackedFace:
    """One person in one look.

    Attributes:
        track_id: stays with the person; counts up from 1 for each tracker.
        box: smoothed over time, in pixels of the full picture.
        face: as the detector gave it in this look.
        seen_for_s: seconds since the person was first seen.
    """

    track_id: int
    box: Box
    face: Face
    seen_for_s: float


@dataclass
class _Track:
    track_id: int
    first_s: float
    last_s: float
    found: Box
    smoothed: Box
    velocity_xy: tuple[float, float] = (0.0, 0.0)

    def expected(self, now_s: float) -> Box:
        """Where the person is by now, if they kept moving: this tells two who cross apart."""
        ahead_s = min(now_s - self.last_s, _LONGEST_PREDICTION_S)
        dx, dy = (speed * ahead_s for speed in self.velocity_xy)
        box = self.found
        return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)

    def follow(self, found: Box, now_s: float) -> None:
        elapsed_s = now_s - self.last_s
        if elapsed_s > 0:
            self.velocity_xy = _velocity(self.velocity_xy, self.found, found, elapsed_s)
            self.smoothed = _smoothed(self.smoothed, found, elapsed_s)
        self.found, self.last_s = found, now_s


class FaceTracker:
    """Gives each face an id that stays with it, and a box that does not jitter.

    Faces are matched, nearest first, with where each known person is expected by now. A person who
    is missed for up to 1.5 s keeps their id. One tracker per camera.
    """

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._next_id = 1

    def update(self, faces: Sequence[Face], now_s: float) -> tuple[TrackedFace, ...]:
        """The faces of one look, in the order given; who is missed in it is not among them.

        Args:
            faces: as the detector gave them.
            now_s: monotonic seconds of the frame; never goes back.
        """
        self._tracks = [track for track in self._tracks if now_s - track.last_s <= _FORGET_AFTER_S]
        known = self._match(faces, now_s)
        return tuple(
            self._tracked(known.get(index) or self._welcome(face, now_s), face, now_s)
            for index, face in enumerate(faces)
        )

    def _match(self, faces: Sequence[Face], now_s: float) -> dict[int, _Track]:
        pairs = [
            (_strangeness(track.expected(now_s), face.box, now_s - track.last_s), index, track)
            for track in self._tracks
            for index, face in enumerate(faces)
        ]
        matches: dict[int, _Track] = {}
        taken: set[int] = set()
        for strangeness, index, track in sorted(pairs, key=lambda pair: pair[0]):
            if math.isfinite(strangeness) and index not in matches and track.track_id not in taken:
                matches[index] = track
                taken.add(track.track_id)
        return matches

    def _welcome(self, face: Face, now_s: float) -> _Track:
        track = _Track(self._next_id, now_s, now_s, face.box, face.box)
        self._next_id += 1
        self._tracks.append(track)
        return track

    @staticmethod
    def _tracked(track: _Track, face: Face, now_s: float) -> TrackedFace:
        track.follow(face.box, now_s)
        return TrackedFace(track.track_id, track.smoothed, face, now_s - track.first_s)


def _strangeness(expected: Box, found: Box, unseen_s: float) -> float:
    """Distance in face sides less the overlap; infinite for what cannot be the same person."""
    small, large = sorted((expected.width_px, found.width_px))
    if small <= 0 or large / small > _LARGEST_SIZE_RATIO:
        return math.inf
    apart = math.dist(expected.centre_xy, found.centre_xy) / large
    reach = min(_REACH + _REACH_PER_S * unseen_s, _FURTHEST_REACH)
    return apart - expected.overlap(found) if apart <= reach else math.inf


def _velocity(
    before_xy: tuple[float, float], old: Box, new: Box, elapsed_s: float
) -> tuple[float, float]:
    """Pixels a second, exponentially smoothed: single looks are mostly jitter."""
    weight = 1 - math.exp(-elapsed_s / _VELOCITY_TAU_S)
    moved = zip(before_xy, old.centre_xy, new.centre_xy, strict=True)
    x, y = (speed + weight * ((there - here) / elapsed_s - speed) for speed, here, there in moved)
    return x, y


def _smoothed(old: Box, new: Box, elapsed_s: float) -> Box:
    """Exponential smoothing whose time constant shrinks with the movement.

    The idea is the 1 euro filter's (Casiez et al. 2012): steady when still, prompt when moving.
    """
    moved = math.dist(old.centre_xy, new.centre_xy) / max(new.width_px, 1.0)
    weight = 1 - math.exp(-elapsed_s * (1 + _FOLLOW * moved) / _STILL_TAU_S)
    before = (old.left, old.top, old.right, old.bottom)
    after = (new.left, new.top, new.right, new.bottom)
    return Box(*(was + weight * (now - was) for was, now in zip(before, after, strict=True)))
