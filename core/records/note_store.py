"""What people wrote beside moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from core.clock import Clock
from core.errors import RecordsError
from core.records.columns import storable
from core.records.database import Database
from core.records.failures import ClashError
from core.records.note import LONGEST_NOTE, Note
from core.records.tables import note
from core.timeline.span import Span

_GONE = "This note is not kept any more."


class NoteStore:
    """Of a database; RecordsError where it fails. Notes stay until somebody removes them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, at_utc: datetime, text: str, session_id: int | None = None) -> Note:
        """One more; with an empty text a plain marker.

        Raises:
            RecordsError: also for a text that is too long, or a session that is gone.
        """
        values = {
            "at_utc": at_utc,
            "text": _checked(text),
            "session_id": session_id,
            "made_utc": self._clock.now_utc(),
        }
        try:
            with self._database.write() as connection:
                row = connection.execute(insert(note).values(values).returning(note)).one()
        except ClashError as error:
            raise RecordsError(
                "The session of this note is not kept any more; the note was not kept.", error.cause
            ) from None
        return _note_from(row)

    def between(self, span: Span) -> tuple[Note, ...]:
        """Of all sessions and of none, by time."""
        query = (
            select(note)
            .where(note.c.at_utc >= span.since_utc, note.c.at_utc < span.until_utc)
            .order_by(note.c.at_utc, note.c.id)
        )
        with self._database.read() as connection:
            return tuple(map(_note_from, connection.execute(query)))

    def one(self, note_id: int) -> Note | None:
        """None where it is gone."""
        with self._database.read() as connection:
            row = connection.execute(select(note).where(note.c.id == note_id)).one_or_none()
        return _note_from(row) if row is not None else None

    def change(self, note_id: int, text: str) -> Note:
        """Another text; RecordsError also where it is gone."""
        change = update(note).where(note.c.id == note_id).values(text=_checked(text))
        with self._database.write() as connection:
            row = connection.execute(change.returning(note)).one_or_none()
        if row is None:
            raise RecordsError(_GONE)
        return _note_from(row)

    def remove(self, note_id: int) -> None:
        """Nothing where it is gone."""
        with self._database.write() as connection:
            connection.execute(delete(note).where(note.c.id == note_id))


def _checked(text: str) -> str:
    text = storable(text).strip()
    if len(text) > LONGEST_NOTE:
        raise RecordsError(f"A note has at most {LONGEST_NOTE} letters; this one has {len(text)}.")
    return text


def _note_from(row: Row[Any]) -> Note:
    return Note(id=row.id, at_utc=row.at_utc, text=row.text, session_id=row.session_id)
