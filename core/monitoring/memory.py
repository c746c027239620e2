"""What is remembered of each person between pictures: numbers smoothed, words held steady."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.expression.reading import Reading
from core.expression.smoothing import ReadingSmoother, SteadyLabel

FORGET_AFTER_S = 5.0
"""Longer than the tracker remembers an absent face."""


@dataclass
class RememberedPerson:
    """One track.

    Attributes:
        smoothed: the reading over the last moments; None until one was readable.
    """

    smoothed: Reading | None = None
    _smoother: ReadingSmoother = field(default_factory=ReadingSmoother)
    _steady: SteadyLabel = field(default_factory=SteadyLabel)

    def take(self, reading: Reading, at_s: float) -> None:
        """One more reading, of a later moment."""
        self.smoothed = self._smoother.update(reading, at_s)

    def label(self, sure_from: float) -> str | None:
        """The expression to name now; None is "not sure"."""
        return None if self.smoothed is None else self._steady.update(self.smoothed, sure_from)


class PeopleMemory:
    """Of one camera or video. Belongs to one thread."""

    def __init__(self) -> None:
        self._people: dict[int, RememberedPerson] = {}
        self._seen_s: dict[int, float] = {}

    def seen(self, track_id: int, at_s: float) -> RememberedPerson:
        """Who is in the picture at this moment, as they are remembered."""
        self._seen_s[track_id] = at_s
        return self._people.setdefault(track_id, RememberedPerson())

    def forget_the_gone(self, now_s: float) -> None:
        """A face that the detector misses for a moment comes back under its old id."""
        for track_id, seen_s in list(self._seen_s.items()):
            if now_s - seen_s > FORGET_AFTER_S:
                del self._people[track_id], self._seen_s[track_id]

    def forget_all(self) -> None:
        """What another model read does not blend into the next one's."""
        self._people.clear()
        self._seen_s.clear()
