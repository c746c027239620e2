"""What a person wrote beside a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE = 2000
"""Letters."""


@dataclass(frozen=True)
class Note:
    """A note, or with an empty text a plain marker.

    Attributes:
        at_utc: the moment that it is about.
        session_id: the session that it is about; None for all that went on then.
    """

    id: int
    at_utc: datetime
    text: str
    session_id: int | None = None
