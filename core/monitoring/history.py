"""The readings of the last minutes, small enough to draw twice a second."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.expression.reading import Reading
from core.monitoring.observation import Observation

WINDOW_S = 120.0
STEP_S = 0.5
MOST_TRACKS = 12


@dataclass(frozen=True, eq=False)
class ReadingSeries:
    """The readings of one person, one row per step of time.

    Attributes:
        labels: the columns.
        captured_s: float64 (rows,), monotonic seconds, the middle of each step: a wall clock that
            is set while somebody watches moves no line.
        probabilities: float64 (rows, labels), means over a step; a row of NaN marks a gap, so
            that a line drawn through the rows breaks there.
    """

    labels: tuple[str, ...]
    captured_s: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.captured_s)


@dataclass
class _Step:
    """Sum of the readings of one step of time."""

    index: int
    total: npt.NDArray[np.float64]
    count: int = 1


@dataclass
class _Track:
    labels: tuple[str, ...]
    steps: deque[_Step] = field(default_factory=deque)


class ReadingHistory:
    """Two minutes per person, as means over half-second steps.

    Steps begin at fixed moments of the clock: thinning by "every n-th reading" instead would
    choose other readings at each redraw, and the lines would shiver. Memory is bounded by
    `MOST_TRACKS` times the steps of the window. Written by one thread, read by others.
    """

    def __init__(self, window_s: float = WINDOW_S, step_s: float = STEP_S) -> None:
        self._window_steps = round(window_s / step_s)
        self._step_s = step_s
        self._tracks: dict[int, _Track] = {}
        self._lock = threading.Lock()

    def add(self, observation: Observation) -> None:
        """Take in the smoothed readings of every face that was readable in this frame."""
        index = int(observation.captured_s / self._step_s)
        with self._lock:
            for face in observation.faces:
                if face.raw is not None and face.smoothed is not None:
                    self._add_reading(face.track_id, index, face.smoothed)
            self._forget(index)

    def track_ids(self) -> tuple[int, ...]:
        """People with a reading in the window, longest known first."""
        with self._lock:
            return tuple(sorted(self._tracks))

    def series(self, track_id: int) -> ReadingSeries | None:
        """The readings of one person; None for someone not seen within the window."""
        with self._lock:
            track = self._tracks.get(track_id)
            if track is None:
                return None
            rows = [(step.index, step.total / step.count) for step in track.steps]
        return self._with_gaps(track.labels, rows)

    def _add_reading(self, track_id: int, index: int, reading: Reading) -> None:
        track = self._tracks.get(track_id)
        if track is None or track.labels != reading.labels:
            track = self._tracks[track_id] = _Track(reading.labels)
        probabilities = np.asarray(reading.probabilities)
        if track.steps and track.steps[-1].index == index:
            track.steps[-1].total += probabilities
            track.steps[-1].count += 1
        else:
            track.steps.append(_Step(index, probabilities.copy()))

    def _forget(self, index: int) -> None:
        for track_id, track in list(self._tracks.items()):
            while track.steps and track.steps[0].index <= index - self._window_steps:
                track.steps.popleft()
            if not track.steps:
                del self._tracks[track_id]
        last_seen = sorted(
            self._tracks, key=lambda track_id: self._tracks[track_id].steps[-1].index
        )
        for track_id in last_seen[:-MOST_TRACKS]:
            del self._tracks[track_id]

    def _with_gaps(
        self, labels: tuple[str, ...], rows: list[tuple[int, npt.NDArray[np.float64]]]
    ) -> ReadingSeries:
        indices: list[float] = []
        values: list[npt.NDArray[np.float64]] = []
        for index, value in rows:
            if indices and index - indices[-1] > 2:  # one missing step is not a gap
                indices.append(indices[-1] + 1)
                values.append(np.full(len(labels), np.nan))
            indices.append(index)
            values.append(value)
        middle_s = (np.asarray(indices, dtype=np.float64) + 0.5) * self._step_s
        return ReadingSeries(labels, middle_s, np.asarray(values))
