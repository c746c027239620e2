"""The seconds that cameras saw, kept small, and read back for replays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select

from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.second_rows import insert_seconds, people_between, second_from
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
            session_id = _session_id(connection, camera)
            insert_seconds(connection, session_id, seconds)

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
            camera = CameraRow(row.camera_id, row.camera_name)
            yield camera, self._seconds(row.id, since_utc, until_utc)

    def forget(self, before_utc: datetime) -> int:
        """Erase what is older; how many seconds."""
        with self._database.read() as connection:
            sessions = connection.scalars(select(session.c.id)).all()
        return sum(self._forget(session_id, before_utc) for session_id in sessions)

    def _forget(self, session_id: int, before_utc: datetime) -> int:
        erased = 0
        more = True
        while more:
            with self._database.write() as connection:
                page_end_utc = connection.scalar(
                    select(second.c.at_utc)
                    .where(second.c.session_id == session_id, second.c.at_utc < before_utc)
                    .order_by(second.c.at_utc)
                    .offset(_PAGE)
                    .limit(1)
                )
                more = page_end_utc is not None
                erased += _erase(connection, session_id, page_end_utc or before_utc)
        return erased

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


def _session_id(connection: Connection, camera: CameraRow) -> int:
    known = select(session.c.id).where(session.c.camera_id == camera.id)
    values = {"camera_id": camera.id, "camera_name": camera.name}
    new = insert(session).values(values).returning(session.c.id)
    found: int | None = connection.scalar(known)
    return found if found is not None else int(connection.scalars(new).one())


def _erase(connection: Connection, session_id: int, before_utc: datetime) -> int:
    """The session goes with its last second."""
    for table in (reading, second):
        old = (table.c.session_id == session_id) & (table.c.at_utc < before_utc)
        done = connection.execute(delete(table).where(old))
    left = exists().where(second.c.session_id == session_id)
    connection.execute(delete(session).where(session.c.id == session_id, ~left))
    return done.rowcount
