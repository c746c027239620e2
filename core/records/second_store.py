"""The seconds that cameras saw, kept small, and read back for replays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.roll_ups import forget_empty_session, forget_rollups
from core.records.second_rows import SECOND, insert_seconds, people_between, second_from
from core.records.session_growth import camera_from, grow_session, locked_session, session_of
from core.records.tables import reading, second, session

__all__ = ["CameraRow", "SecondStore"]

_PAGE = 3600
"""Seconds that are read or erased in one transaction, so that nobody waits long."""


class SecondStore:
    """Of a database; RecordsError where it fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, camera: CameraRow, seconds: Sequence[Second]) -> None:
        """All of them or none; those that are there already stay as they are."""
        if not seconds:
            return
        with self._database.write() as connection:
            session_id = session_of(connection, camera, seconds)
            new = insert_seconds(connection, session_id, seconds)
            grow_session(connection, session_id, camera, new)

    def between(
        self, since_utc: datetime, until_utc: datetime
    ) -> Iterator[tuple[CameraRow, Iterator[Second]]]:
        """Each camera's connection with its seconds, in order; the end is not included.

        Memory stays small however long the time is.
        """
        in_range = exists().where(
            second.c.session_id == session.c.id,
            second.c.at_utc >= since_utc,
            second.c.at_utc < until_utc,
        )
        with self._database.read() as connection:
            found = connection.execute(select(session).where(in_range).order_by(session.c.id)).all()
        for row in found:
            camera = camera_from(row)
            yield camera, self._seconds(row.id, since_utc, until_utc)

    def forget(self, before_utc: datetime) -> int:
        """Erase what is older and rolled up; how many seconds."""
        erased = 0
        for session_id in self._sessions():
            more = True
            while more:
                with self._database.write() as connection:
                    page, more = _forget_page(connection, session_id, before_utc)
                erased += page
        return erased

    def forget_rollups(self, before_utc: datetime) -> int:
        """Erase the minutes of all hours that are over before then; how many.

        Hours go with their minutes. What seconds are kept of stays, and a session of which nothing
        else is left goes.
        """
        erased = 0
        for session_id in self._sessions():
            with self._database.write() as connection:
                erased += forget_rollups(connection, session_id, before_utc)
        return erased

    def _sessions(self) -> Sequence[int]:
        with self._database.read() as connection:
            return connection.scalars(select(session.c.id).order_by(session.c.id)).all()

    def _seconds(
        self, session_id: int, since_utc: datetime, until_utc: datetime
    ) -> Iterator[Second]:
        page = self._page(session_id, second.c.at_utc >= since_utc, until_utc)
        while page:
            yield from page
            page = self._page(session_id, second.c.at_utc > page[-1].at_utc, until_utc)

    def _page(
        self, session_id: int, begin: ColumnElement[bool], until_utc: datetime
    ) -> list[Second]:
        of_page = (
            select(second)
            .where(second.c.session_id == session_id, begin, second.c.at_utc < until_utc)
            .order_by(second.c.at_utc)
            .limit(_PAGE)
        )
        with self._database.read() as connection:
            rows = connection.execute(of_page).all()
            if not rows:
                return []
            people = people_between(connection, session_id, rows[0].at_utc, rows[-1].at_utc)
        return [second_from(row, people.get(row.at_utc, ())) for row in rows]


def _forget_page(connection: Connection, session_id: int, before_utc: datetime) -> tuple[int, bool]:
    """How many, and whether more are left."""
    row = locked_session(connection, session_id)
    if row is None:
        return 0, False
    end_utc = min(before_utc, row.rolled_until_utc + SECOND)
    old = (second.c.session_id == session_id) & (second.c.at_utc < end_utc)
    page = select(second.c.at_utc).where(old).order_by(second.c.at_utc).offset(_PAGE).limit(1)
    page_end_utc = connection.scalar(page)
    erased = 0
    for table in (reading, second):
        in_page = (table.c.session_id == session_id) & (table.c.at_utc < (page_end_utc or end_utc))
        erased = connection.execute(delete(table).where(in_page)).rowcount
    forget_empty_session(connection, session_id)
    return erased, page_end_utc is not None
