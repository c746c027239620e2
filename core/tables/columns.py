"""The columns that every table of readings has, whatever its format."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.tables.row import SCHEMA_VERSION, ReadingRow

COLUMN_HELP = {
    "schema_version": "of these columns; a higher one has other names or meanings",
    "source": "the file's path as it was given, or the session's title",
    "kind": "camera, video or picture",
    "model": "that read; empty where it is not known",
    "session": "its number in the database; empty for files",
    "at_utc": "date and time in UTC (of a session: the beginning of the second that was read)",
    "at_s": "seconds since the video or the session began",
    "person": "number within the video or session, or of the face in a picture",
    "readings": "pictures that were averaged",
    "left_px": "left edge of the face in the upright picture; empty for sessions",
    "top_px": "top edge",
    "width_px": "width",
    "height_px": "height",
    "looks": "in words; empty for a face that could not be read",
    "confidence": "of the likeliest expression, 0 to 1",
    "pain": "probability of pain, 0 to 1, by the model that watches for alerts where it ran",
    "notes": "what makes the face hard to read, separated by semicolons",
    "problem": "why a file has no face or could not be read",
    "p_…": "probability of each expression, 0 to 1; empty for those that its model does not know",
}
"""Every column, in order; the last stands for one column per expression."""

COLUMNS = tuple(COLUMN_HELP)[:-1]
PROBABILITY = "p_"
"""Begins the names of the expressions' columns, and of no other."""

Value = str | int | float | datetime | None


def columns(labels: Sequence[str]) -> tuple[str, ...]:
    """All names, in order."""
    return (*COLUMNS, *(f"{PROBABILITY}{label}" for label in labels))


def labels_of(names: Sequence[str]) -> tuple[str, ...]:
    """Of the columns among these that are expressions."""
    return tuple(name.removeprefix(PROBABILITY) for name in names if name.startswith(PROBABILITY))


def values(row: ReadingRow, labels: Sequence[str]) -> tuple[Value, ...]:
    """One for each column; ValueError for a reading of an expression that has none."""
    reading = row.reading
    if reading is not None and not set(reading.labels) <= set(labels):
        raise ValueError(f"No columns for {sorted(set(reading.labels) - set(labels))}.")
    known = dict(zip(reading.labels, reading.probabilities, strict=True)) if reading else {}
    left, top, right, bottom = row.box_xyxy_px or (None, None, None, None)
    return (
        SCHEMA_VERSION,
        _unicode(row.source),
        row.kind,
        row.model,
        row.session,
        row.at_utc,
        row.at_s,
        row.person,
        row.readings,
        left,
        top,
        right - left if right is not None and left is not None else None,
        bottom - top if bottom is not None and top is not None else None,
        row.looks,
        reading.confidence if reading else None,
        row.pain,
        row.notes,
        _unicode(row.problem),
        *(known.get(label) for label in labels),
    )


def _unicode(text: str) -> str:
    """Trap: a file's name that is no UTF-8 comes as a string that no table can hold."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
