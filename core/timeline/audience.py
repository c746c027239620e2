"""Many faces before one stage: how many were read at once, and what they had in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.expression.wording import NOT_SURE
from core.timeline.adding import over_sessions
from core.timeline.tally import Floats, Ints, Tally

_CALM = frozenset({"neutral", NOT_SURE})


@dataclass(frozen=True)
class SharedMoment:
    """A piece of time in which `looking` of `faces` faces looked alike, on average over it."""

    begin_s: int
    looking: float
    faces: float


@dataclass(frozen=True, eq=False)
class Audience:
    """Everybody together, by piece of time; pieces without a face are left out.

    Attributes:
        width_s: of a piece.
        looks: k labels and "not sure".
        begin_s: (n,) Unix time at which each piece begins.
        faces: (n,) faces read at once, on average over the piece.
        looking: (n, k + 1) of these how many looked so.
        likely: (n, k + 1) mean probability; 0 for "not sure".
    """

    width_s: int
    looks: tuple[str, ...]
    begin_s: Ints
    faces: Floats
    looking: Floats
    likely: Floats

    @property
    def share(self) -> Floats:
        """(n, k + 1) of the faces read, adding up to 1."""
        return self.looking / self.faces[:, None]

    @property
    def faces_mean(self) -> float:
        """While anybody was read."""
        return float(self.faces.mean()) if len(self.faces) else 0.0

    @property
    def faces_most(self) -> float:
        return float(self.faces.max(initial=0.0))

    def part_looking(self, *looks: str) -> float:
        """Share of the time of all faces that looked so, 0 to 1."""
        total = float(self.faces.sum())
        return float(self.looking[:, self._columns(looks)].sum()) / total if total else 0.0

    @property
    def part_lively(self) -> float:
        """Share that surely showed anything else than neutral."""
        return self.part_looking(*self._lively)

    def most_shared(self, look: str) -> SharedMoment | None:
        """When most faces looked so; among equals the largest share, then the surest."""
        return self._most((look,))

    @property
    def liveliest(self) -> SharedMoment | None:
        """When most faces surely showed anything else than neutral."""
        return self._most(self._lively)

    @property
    def _lively(self) -> tuple[str, ...]:
        return tuple(look for look in self.looks if look not in _CALM)

    def _columns(self, looks: tuple[str, ...]) -> list[int]:
        return [column for column, look in enumerate(self.looks) if look in looks]

    def _most(self, looks: tuple[str, ...]) -> SharedMoment | None:
        columns = self._columns(looks)
        looking = self.looking[:, columns].sum(axis=1)
        if not looking.any():
            return None
        likely = self.likely[:, columns].sum(axis=1)
        best = int(np.lexsort((-self.begin_s, likely, looking / self.faces, looking))[-1])
        return SharedMoment(int(self.begin_s[best]), float(looking[best]), float(self.faces[best]))


def audience(tally: Tally) -> Audience:
    """Of all people of all sessions in it."""
    everybody = over_sessions(tally)
    likely = everybody.probabilities / everybody.seconds[:, None]
    return Audience(
        width_s=everybody.width_s,
        looks=everybody.looks,
        begin_s=everybody.begin_s,
        faces=everybody.seconds / everybody.width_s,
        looking=everybody.top / everybody.width_s,
        likely=np.column_stack([likely, np.zeros(len(likely))]),
    )
