"""A stretch of time that somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Span:
    """Aware UTC; the end is not included and lies after the beginning."""

    since_utc: datetime
    until_utc: datetime

    def __post_init__(self) -> None:
        if self.until_utc <= self.since_utc:
            raise ValueError("A span ends after it begins.")

    @property
    def length_s(self) -> float:
        return (self.until_utc - self.since_utc).total_seconds()
