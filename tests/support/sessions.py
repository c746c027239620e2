"""Sessions made up for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from core.records import tables
from core.records.database import Database
from core.records.session import Session, SessionSource

NOON_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON_UTC + timedelta(minutes=minutes)


def keep_session(
    database: Database,
    camera_id: str = "kitchen",
    begin: float = 0,
    end: float = 10,
    source: SessionSource = SessionSource.CAMERA,
) -> Session:
    """The row alone, from so many minutes after noon to so many."""
    kept = Session(0, camera_id, "Kitchen", "", source, "mien7", 0.45, at(begin), at(end))
    values = {column.name: getattr(kept, column.name, at(begin)) for column in tables.session.c}
    del values["id"]
    with database.write() as connection:
        new = insert(tables.session).values(values).returning(tables.session.c.id)
        return replace(kept, id=connection.scalars(new).one())
