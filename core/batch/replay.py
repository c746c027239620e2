"""Who is where, and how they look, at any moment between a video's samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice, pairwise
from operator import attrgetter
from statistics import median

from core.monitoring.memory import PeopleMemory
from core.monitoring.observation import ObservedFace
from core.tables.row import ReadingRow
from core.vision.face import Box
from core.vision.quality import Quality, QualityNote

_BRIDGED_STEPS, _BRIDGED_S = 2.5, 0.5
"""A face that was missed for so long moves on between its samples instead of flickering."""

_LOOKED_AT = 2000
_USUAL_STEP_S = 0.2
_CLOSE_S = 1e-6

Sample = tuple[float, dict[int, ObservedFace]]


def usual_step_s(rows: Iterable[ReadingRow]) -> float:
    """Time from sample to sample, from the first rows of a table."""
    times_s = sorted({row.at_s for row in islice(rows, _LOOKED_AT) if row.at_s is not None})
    steps_s = [later - earlier for earlier, later in pairwise(times_s)]
    return median(steps_s) if steps_s else _USUAL_STEP_S


class Replay:
    """Goes through the rows of one video once, from its beginning on; memory does not grow.

    Args:
        rows: of `readings.parquet`, in order of time.
        step_s: from sample to sample.
        sure_from: confidence from which a word is said.
    """

    def __init__(self, rows: Iterable[ReadingRow], step_s: float, sure_from: float) -> None:
        self._step_s = step_s
        self._bridged_s = max(_BRIDGED_S, _BRIDGED_STEPS * step_s)
        self._sure_from = sure_from
        self._people = PeopleMemory()
        self._coming = self._samples(rows)
        self._near: deque[Sample] = deque()
        self._ended = False

    def at(self, at_s: float) -> list[ObservedFace]:
        """The faces at a moment that is no earlier than the last one asked for; largest first."""
        while not self._ended and (not self._near or self._near[-1][0] <= at_s + self._bridged_s):
            sample = next(self._coming, None)
            if sample is None:
                self._ended = True
            else:
                self._near.append(sample)
        while self._near and self._near[0][0] < at_s - self._bridged_s:
            self._near.popleft()
        faces = (self._between(person, at_s) for person in self._present())
        return sorted((face for face in faces if face is not None), key=_by_size)

    def _present(self) -> Iterator[int]:
        yield from sorted({person for _, faces in self._near for person in faces})

    def _between(self, person: int, at_s: float) -> ObservedFace | None:
        seen = [(when_s, faces[person]) for when_s, faces in self._near if person in faces]
        before = [one for one in seen if one[0] <= at_s + _CLOSE_S]
        if not before:
            return None
        from_s, face = before[-1]
        after = seen[len(before)] if len(before) < len(seen) else None
        if after is not None and after[0] - from_s <= self._bridged_s:
            share = max(0.0, at_s - from_s) / (after[0] - from_s)
            return replace(face, box=_mixed(face.box, after[1].box, share))
        return face if at_s - from_s < self._step_s else None

    def _samples(self, rows: Iterable[ReadingRow]) -> Iterator[Sample]:
        told = (row for row in rows if row.person is not None and row.at_s is not None)
        for at_s, of_sample in groupby(told, key=attrgetter("at_s")):
            self._people.forget_the_gone(at_s)
            yield at_s, {row.person: self._face(row, at_s) for row in of_sample if row.person}

    def _face(self, row: ReadingRow, at_s: float) -> ObservedFace:
        track_id = row.person or 0
        person = self._people.seen(track_id, at_s)
        if row.reading is not None:
            person.take(row.reading, at_s)
        box = Box(*(row.box_xyxy_px or (0.0, 0.0, 0.0, 0.0)))
        notes = tuple(QualityNote(note) for note in row.notes.split("; ") if note)
        return ObservedFace(
            track_id=track_id,
            box=box,
            quality=Quality(box.width_px, 0.0, 0.0, notes, readable=row.reading is not None),
            raw=row.reading,
            smoothed=person.smoothed,
            label=person.label(self._sure_from),
        )


def _by_size(face: ObservedFace) -> float:
    return -face.box.area_px


def _mixed(here: Box, there: Box, share: float) -> Box:
    return Box(
        here.left + share * (there.left - here.left),
        here.top + share * (there.top - here.top),
        here.right + share * (there.right - here.right),
        here.bottom + share * (there.bottom - here.bottom),
    )
