"""What the pages that look back work with, on a database without a server."""

from __future__ import annotations

from app.looking_back import LookingBack
from core.clock import Clock
from core.records.alert_store import AlertStore
from core.records.amounts import AmountStore
from core.records.archive import Archive
from core.records.database import Database
from core.records.erasing import Eraser
from core.records.keeping import KeepingStore
from core.records.note_store import NoteStore
from core.records.second_store import SecondStore
from core.records.session_store import SessionStore
from core.records.timeline_store import TimelineStore


def looking_back_at(database: Database, clock: Clock) -> LookingBack:
    """Nothing waits in memory to be written."""
    return LookingBack(
        timeline=TimelineStore(database),
        sessions=SessionStore(database),
        notes=NoteStore(database, clock),
        eraser=Eraser(database),
        keeping=KeepingStore(database),
        seconds=SecondStore(database),
        alerts=AlertStore(database, clock),
        archive=Archive(database, clock),
        amounts=AmountStore(database),
    )
