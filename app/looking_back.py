"""What the pages that look back work with.

Trap: it loads the database's library, so nothing imports it before the database is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.clock import Clock
from core.records.alert_store import AlertStore
from core.records.amounts import AmountStore
from core.records.archive import Archive
from core.records.database import Database
from core.records.erasing import Eraser
from core.records.keeping import KeepingStore
from core.records.note_store import NoteStore
from core.records.recorder import Recorder
from core.records.second_store import SecondStore
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore
from core.watching.desk import AlertDesk


@dataclass(frozen=True)
class LookingBack:
    """One of each, on one database; thread-safe, blocking, RecordsError where it fails."""

    timeline: TimelineStore
    sessions: SessionStore
    notes: NoteStore
    eraser: Eraser
    keeping: KeepingStore
    seconds: SecondStore
    alerts: AlertStore
    archive: Archive
    amounts: AmountStore


def looking_back_on(
    database: Database,
    clock: Clock,
    recorder: Recorder | None = None,
    desk: AlertDesk | None = None,
) -> LookingBack:
    """Of this database, into which these write; None where nobody does."""
    return LookingBack(
        timeline=TimelineStore(database),
        sessions=SessionStore(database),
        notes=NoteStore(database, clock),
        eraser=Eraser(database, recorder, desk),
        keeping=KeepingStore(database),
        seconds=SecondStore(database),
        alerts=AlertStore(database, clock),
        archive=Archive(database, clock),
        amounts=AmountStore(database),
    )
