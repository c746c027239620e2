"""The strongest moments of a video: where a face looks most clearly like something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from core.batch.video_summary import Moment
from core.monitoring.observation import Observation
from core.monitoring.overlay import face_marks
from core.vision.annotate import draw_faces
from core.vision.frame import ImageBgr
from core.vision.jpeg import as_jpeg
from core.vision.working_copy import reduced

MOST_MOMENTS = 8
MOST_OF_A_LABEL = 4
APART_S = 5.0
"""Between two moments of one expression: a long smile is one moment."""

_WIDTH_PX = 480
_UNREMARKABLE = {"neutral", "no pain"}


@dataclass(frozen=True, eq=False)
class _Peak:
    score: float
    person: int
    observation: Observation
    small_bgr: ImageBgr

    @property
    def at_s(self) -> float:
        return self.observation.captured_s


class MomentKeeper:
    """Keeps the best so far; memory does not grow with the video's length."""

    def __init__(self) -> None:
        self._peaks: dict[str, list[_Peak]] = {}

    def take(self, observation: Observation, image_bgr: ImageBgr) -> None:
        """One sample. What is surely named counts, and who looks neutral is nothing to show."""
        small_bgr: ImageBgr | None = None
        for label, (score, person) in _clearest(observation).items():
            peaks = self._peaks.setdefault(label, [])
            beaten = _beaten(peaks, score, observation.captured_s)
            if beaten is not None:
                if small_bgr is None:
                    small_bgr, _ = reduced(image_bgr, _WIDTH_PX)
                kept = [peak for peak in peaks if peak not in beaten]
                self._peaks[label] = [*kept, _Peak(score, person, observation, small_bgr)]

    def write(self, folder: Path) -> tuple[Moment, ...]:
        """The strongest of each expression in turn, with a picture each, in order of time."""
        chosen = sorted(islice(self._in_turn(), MOST_MOMENTS), key=lambda pair: pair[1].at_s)
        folder.mkdir(exist_ok=True)
        return tuple(
            _written(folder, number, label, peak)
            for number, (label, peak) in enumerate(chosen, start=1)
        )

    def _in_turn(self) -> Iterator[tuple[str, _Peak]]:
        by_label = [
            [(label, peak) for peak in sorted(peaks, key=lambda peak: -peak.score)]
            for label, peaks in self._peaks.items()
        ]
        by_label.sort(key=lambda peaks: -peaks[0][1].score)
        for rank in zip_longest(*by_label):
            yield from (pair for pair in rank if pair is not None)


def _clearest(observation: Observation) -> dict[str, tuple[float, int]]:
    """For each expression that is named the highest probability, and whose."""
    found: dict[str, tuple[float, int]] = {}
    for face in observation.faces:
        if face.label is None or face.raw is None or face.smoothed is None:
            continue
        if face.raw.top == face.label and face.label not in _UNREMARKABLE:
            score = face.smoothed.probability(face.label)
            found[face.label] = max(found.get(face.label, (0.0, 0)), (score, face.track_id))
    return found


def _beaten(peaks: list[_Peak], score: float, at_s: float) -> list[_Peak] | None:
    """The peaks whose place a new one takes; None where it is not to be kept."""
    near = [peak for peak in peaks if abs(peak.at_s - at_s) < APART_S]
    if near:
        return near if score > max(peak.score for peak in near) else None
    if len(peaks) < MOST_OF_A_LABEL:
        return []
    weakest = min(peaks, key=lambda peak: peak.score)
    return [weakest] if score > weakest.score else None


def _written(folder: Path, number: int, label: str, peak: _Peak) -> Moment:
    picture = f"moment-{number}.jpg"
    marks = face_marks(peak.observation, peak.small_bgr.shape[1], mirror=False)
    (folder / picture).write_bytes(as_jpeg(draw_faces(peak.small_bgr, marks)))
    return Moment(label, peak.at_s, peak.score, peak.person, picture)
