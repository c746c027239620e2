"""Rows of tables, made up for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.tables.row import ReadingRow

BEGIN_UTC = datetime(2026, 1, 31, 11, 59, 30, 250_000, tzinfo=UTC)


def session_row(index: int = 0, labels: tuple[str, ...] = FER7) -> ReadingRow:
    """One second of a person in front of a camera; the last label is the likeliest."""
    others = len(labels) - 1
    return ReadingRow(
        source="Kitchen",
        kind="camera",
        model="mien7",
        session=3,
        at_utc=BEGIN_UTC + timedelta(seconds=index),
        at_s=float(index),
        person=1,
        readings=15,
        looks=f"looks {labels[-1]}",
        reading=Reading(labels, (0.25 / others,) * others + (0.75,)),
        pain=0.125,
    )


def face_row(source: str = "party.jpg") -> ReadingRow:
    """A face in a picture, with its box, that was read but for a model's words."""
    return ReadingRow(
        source=source,
        kind="picture",
        person=2,
        readings=1,
        box_xyxy_px=(10.5, 20.0, 110.5, 140.0),
        looks="not sure",
        reading=Reading(("happy", "sad"), (0.5, 0.5)),
        notes="too small; blurred",
    )


BAD_FILE = ReadingRow(source="notes.mp4", kind="video", problem="“notes.mp4” is no video.")
