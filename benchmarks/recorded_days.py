"""Days of one camera that always sees somebody, made up and kept through the real stores."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.second import PROBABILITY_STEPS, PersonSecond, Second
from core.records.camera_row import CameraRow
from core.records.second_store import SecondStore

HOUR_S, DAY_HOURS = 3600, 24
BEGIN_UTC = datetime(2026, 3, 1, tzinfo=UTC)
WITH_PAIN = (*FER7, "pain")
"""The alert model's labels."""

_PERSON_S = 1800
"""So long somebody is followed; who comes back counts as another."""
_USUAL = np.array([0.06, 0.02, 0.04, 0.22, 0.10, 0.04, 0.52])
_MOOD_S, _SMOOTH_S = 45, 5

Steps = npt.NDArray[np.int64]


def keep_days(store: SecondStore, days: int) -> datetime:
    """One session a day, a second each second, an hour in a batch; when they end."""
    random = np.random.default_rng(5)
    ids = itertools.count(1)
    for hour in range(days * DAY_HOURS):
        day, begin_utc = hour // DAY_HOURS, BEGIN_UTC + timedelta(hours=hour)
        if hour % DAY_HOURS == 0:
            ids = itertools.count(1)
        camera = CameraRow(f"living-room-{day}", "Living room", "mien7")
        store.add(camera, list(_hour(random, begin_utc, hour % DAY_HOURS * HOUR_S, ids)))
    return BEGIN_UTC + timedelta(hours=days * DAY_HOURS)


def _hour(
    random: np.random.Generator, begin_utc: datetime, at_s: float, ids: Iterator[int]
) -> Iterator[Second]:
    pain = _pain(random)
    shown = _in_steps(_shares(random))
    watched = _in_steps(np.column_stack([shown * (1 - pain)[:, None], pain * PROBABILITY_STEPS]))
    light = 110 + 8 * _smooth(random.normal(size=HOUR_S))
    motion = random.gamma(2, 1.5, HOUR_S)
    frames = random.integers(11, 16, HOUR_S)
    for index in range(HOUR_S):
        if index % _PERSON_S == 0:
            track_id = next(ids)
        person = PersonSecond(
            track_id=track_id,
            readings=int(frames[index]) - 1,
            shown=_reading(FER7, shown[index]),
            watched=_reading(WITH_PAIN, watched[index]),
        )
        yield Second(
            at_s=at_s + index + 1,
            at_utc=begin_utc + timedelta(seconds=index + 1),
            frames=int(frames[index]),
            faces=1,
            brightness=float(light[index]),
            motion=float(motion[index]),
            people=(person,),
        )


def _shares(random: np.random.Generator) -> npt.NDArray[np.float64]:
    """(3600, 7): moods of some seconds to some minutes, and a model that hesitates."""
    lengths = random.geometric(1 / _MOOD_S, HOUR_S)
    moods = np.repeat(random.choice(len(FER7), HOUR_S, p=_USUAL), lengths)[:HOUR_S]
    wanted = 3.5 * (moods[:, None] == np.arange(len(FER7)))
    noise = random.normal(scale=1.2, size=wanted.shape)
    logits = np.column_stack([_smooth(column) for column in (wanted + noise).T])
    powers = np.exp(logits)
    shares: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _pain(random: np.random.Generator) -> npt.NDArray[np.float64]:
    """(3600,): low, but for a minute in which it is not."""
    logits = _smooth(random.normal(-4, 1, HOUR_S))
    first = random.integers(HOUR_S)
    logits[first : first + 60] += 4
    return 1 / (1 + np.exp(-logits))


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    kernel = np.exp(-np.arange(6 * _SMOOTH_S) / _SMOOTH_S)
    return np.convolve(values, kernel / kernel.sum())[: len(values)]


def _in_steps(shares: npt.NDArray[np.float64]) -> Steps:
    """Whole numbers in these proportions that add up to `PROBABILITY_STEPS`."""
    sums = shares.sum(axis=1, keepdims=True)
    steps: Steps = np.floor(shares / sums * PROBABILITY_STEPS).astype(np.int64)
    steps[np.arange(len(steps)), steps.argmax(axis=1)] += PROBABILITY_STEPS - steps.sum(axis=1)
    return steps


def _reading(labels: tuple[str, ...], steps: Steps) -> Reading:
    return Reading(labels, tuple((steps / PROBABILITY_STEPS).tolist()))
