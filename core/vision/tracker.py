"""Who is who from look to look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.vision.face import Box, Face

_FORGET_AFTER_S = 1.5
_STILL_TAU_S = 0.25
_FOLLOW = 25.0
_REACH = 1.0
_SIZE_RATIO = 2.0


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
    box: Box
    first_s: float
    last_s: float
    velocity_xy: tuple[float, float] = (0.0, 0.0)

    def expected(self, now_s: float) -> Box:
        """Where the person would be by now, if they kept moving."""
        ahead_s = now_s - self.last_s
        dx, dy = (speed * ahead_s for speed in self.velocity_xy)
        return Box(self.box.left + dx, self.box.top + dy, self.box.right + dx, self.box.bottom + dy)


class FaceTracker:
    """Gives each face an id that stays with it, and a box that does not jitter.

    One tracker per camera.
    """

    def __init__(self) -> None:
        self._tracks: list[_Track] = []
        self._next_id = 1

    def update(self, faces: Sequence[Face], now_s: float) -> tuple[TrackedFace, ...]:
        """The faces of one look, in the order given, each with its id.

        Args:
            faces: as the detector gave them.
            now_s: monotonic seconds of the frame; never goes back.
        """
        self._tracks = [track for track in self._tracks if now_s - track.last_s <= _FORGET_AFTER_S]
        matches = self._match(faces, now_s)
        return tuple(
            self._follow(matches[index], face, now_s)
            if index in matches
            else self._welcome(face, now_s)
            for index, face in enumerate(faces)
        )

    def _match(self, faces: Sequence[Face], now_s: float) -> dict[int, _Track]:
        pairs = sorted(
            (
                (_distance(track.expected(now_s), face.box), index, track)
                for track in self._tracks
                for index, face in enumerate(faces)
            ),
            key=lambda pair: pair[0],
        )
        matches: dict[int, _Track] = {}
        for distance, index, track in pairs:
            taken = any(track is other for other in matches.values())
            if distance <= _REACH and index not in matches and not taken:
                matches[index] = track
        return matches

    def _welcome(self, face: Face, now_s: float) -> TrackedFace:
        track = _Track(self._next_id, face.box, now_s, now_s)
        self._next_id += 1
        self._tracks.append(track)
        return TrackedFace(track.track_id, face.box, face, 0.0)

    def _follow(self, track: _Track, face: Face, now_s: float) -> TrackedFace:
        elapsed_s = now_s - track.last_s
        track.box = _smoothed(track.box, face.box, elapsed_s)
        track.last_s = now_s
        return TrackedFace(track.track_id, track.box, face, now_s - track.first_s)


def _distance(expected: Box, found: Box) -> float:
    """Between centres, in face widths, less their overlap; infinite for other sizes."""
    sides = sorted((expected.width_px, found.width_px))
    if sides[0] <= 0 or sides[1] / sides[0] > _SIZE_RATIO:
        return math.inf
    apart = math.dist(expected.centre_xy, found.centre_xy) / sides[1]
    return apart - expected.overlap(found)


def _smoothed(old: Box, new: Box, elapsed_s: float) -> Box:
    """Exponential smoothing whose time constant shrinks with the movement."""
    moved = math.dist(old.centre_xy, new.centre_xy) / max(new.width_px, 1.0)
    tau_s = _STILL_TAU_S / (1 + _FOLLOW * moved)
    weight = 1 - math.exp(-elapsed_s / tau_s)
    edges = zip(
        (old.left, old.top, old.right, old.bottom),
        (new.left, new.top, new.right, new.bottom),
        strict=True,
    )
    return Box(*(before + weight * (after - before) for before, after in edges))
