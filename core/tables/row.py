"""One row of every table of readings that leaves the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.expression.reading import Reading

SCHEMA_VERSION = 1
"""Counted up whenever a column changes its name or its meaning; new columns come at the end."""


@dataclass(frozen=True)
class ReadingRow:
    """One face at one moment, or a file in which there was none.

    Attributes:
        source: the file's path as it was given, or the session's title.
        kind: "camera", "video" or "picture".
        model: name of the model that read; "" for unknown.
        session: id in the database; None for files.
        at_utc: wall clock; None for files that do not tell.
        at_s: seconds since the beginning of the video or session; None for pictures.
        person: track id in a video or session, number of the face in a picture; None without face.
        readings: pictures that were averaged; 1 for a single one.
        box_xyxy_px: left, top, right, bottom in the upright picture; None for sessions.
        looks: in words, "not sure" included; "" where the face was not read.
        reading: None where the face was not read.
        pain: the alert model's probability; None where it did not run or does not know pain.
        notes: what made the face hard to read, separated by semicolons.
        problem: why a file has no face or could not be read.
    """

    source: str
    kind: str
    model: str = ""
    session: int | None = None
    at_utc: datetime | None = None
    at_s: float | None = None
    person: int | None = None
    readings: int | None = None
    box_xyxy_px: tuple[float, float, float, float] | None = None
    looks: str = ""
    reading: Reading | None = None
    pain: float | None = None
    notes: str = ""
    problem: str = ""
