"""Seconds of people in more or less pain, made up for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.second import PersonSecond, Second

START_S = 1000.3
START_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAIN8 = (*FER7, "pain")


def person_second(pain: float, track_id: int = 1, readings: int = 15) -> PersonSecond:
    """Who looks neutral to the chosen model, and as much in pain to the alert model."""
    return PersonSecond(
        track_id,
        readings,
        shown=Reading(FER7, (0.05,) * 6 + (0.7,)),
        watched=Reading(PAIN8, (0.0,) * 6 + (1.0 - pain, pain)),
    )


def second(
    index: int,
    *people: PersonSecond,
    faces: int | None = None,
    brightness: float = 120.0,
    motion: float = 3.0,
    at_utc: datetime | None = None,
) -> Second:
    """The one that ends `index` seconds after the start; as many faces at once as people."""
    return Second(
        at_s=START_S + index,
        at_utc=at_utc or START_UTC + timedelta(seconds=index),
        frames=15,
        faces=len(people) if faces is None else faces,
        brightness=brightness,
        motion=motion,
        people=people,
    )


def seconds_of(pains: Iterable[float | None], first: int = 0, track_id: int = 1) -> list[Second]:
    """One person's pain, second by second; None while nobody is seen."""
    return [
        second(index, *(() if pain is None else (person_second(pain, track_id),)))
        for index, pain in enumerate(pains, first)
    ]


def seconds_of_many(pains: Iterable[Mapping[int, float]], first: int = 0) -> list[Second]:
    """Several people's pain by track id, second by second."""
    return [
        second(index, *(person_second(pain, track_id) for track_id, pain in sorted(row.items())))
        for index, row in enumerate(pains, first)
    ]
