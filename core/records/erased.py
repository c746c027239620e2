"""How much was erased, or would be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Erased:
    """Numbers to add up.

    Attributes:
        seconds: that cameras or videos were read in.
        minutes: of sums, each session's; those made again from seconds that remain count, too.
        notes: what people wrote.
        alerts: with their deliveries.
        pictures: of these alerts.
    """

    seconds: int = 0
    minutes: int = 0
    notes: int = 0
    alerts: int = 0
    pictures: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(
            seconds=self.seconds + other.seconds,
            minutes=self.minutes + other.minutes,
            notes=self.notes + other.notes,
            alerts=self.alerts + other.alerts,
            pictures=self.pictures + other.pictures,
        )

    def __bool__(self) -> bool:
        return self != Erased()
