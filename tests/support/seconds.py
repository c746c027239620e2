"""Seconds made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.second import PROBABILITY_STEPS, PersonSecond, Second

BEGIN_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAIN = ("no pain", "pain")


def in_steps(labels: tuple[str, ...], *steps: int) -> Reading:
    """Probabilities in 65535ths, as a camera's seconds have them."""
    return Reading(labels, tuple(step / PROBABILITY_STEPS for step in steps))


def second(index: int = 0, *people: PersonSecond) -> Second:
    """One that ends `index` seconds after the first one's end."""
    return Second(
        at_s=1000.25 + index,
        at_utc=BEGIN_UTC + timedelta(seconds=index, microseconds=7),
        frames=14,
        faces=len(people) + 1,
        brightness=118.3,
        motion=0.1 + 0.2,
        people=people,
    )


def person(track_id: int = 1, happy: int = 60000, pain: int | None = 1234) -> PersonSecond:
    """Happy and, where it was watched, pain, in 65535ths."""
    rest = PROBABILITY_STEPS - happy
    return PersonSecond(
        track_id=track_id,
        readings=9,
        shown=in_steps(FER7, rest, 0, 0, happy, 0, 0, 0),
        watched=None if pain is None else in_steps(PAIN, PROBABILITY_STEPS - pain, pain),
    )
