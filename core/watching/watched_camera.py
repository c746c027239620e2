"""What pages and the bot are told of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.alerts.standing import Standing


@dataclass(frozen=True)
class WatchedCamera:
    """What is told of one camera.

    Attributes:
        id: of the connection; name: for people.
        since_utc: when it connected first.
        last_face_utc: when it last saw a face; None for never.
        standing: of every rule and person.
        lost_for_s: since its last picture; None while they come, or nobody misses them.
        told_after_s: carers are told after so long without pictures; None if they are not.
        has_ended: its stream is over, and nobody has said that it was meant.
        trouble: a sentence where the watch is not whole; None where it is.
    """

    id: str
    name: str
    since_utc: datetime
    last_face_utc: datetime | None = None
    standing: tuple[Standing, ...] = ()
    lost_for_s: float | None = None
    told_after_s: float | None = None
    has_ended: bool = False
    trouble: str | None = None
