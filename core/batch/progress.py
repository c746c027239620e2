"""How far long work has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is being done with one file."""

    READING = "reading"
    ANNOTATING = "annotating"


@dataclass(frozen=True)
class Progress:
    """Of one file.

    Attributes:
        done_s: seconds of the video that are done; for a picture 0 or 1.
        total_s: as far as the header tells, which may lie; None where it does not.
        faces: seen so far.
    """

    stage: Stage
    done_s: float
    total_s: float | None
    faces: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None where the end is not known, or the file is longer than it says."""
        if not self.total_s or self.done_s > self.total_s:
            return None
        return self.done_s / self.total_s


Report = Callable[[Progress], None]
"""Told now and then; must not take long."""

Cancelled = Callable[[], bool]
"""Asked between frames; True ends the work soon, and nothing half-made is left."""
