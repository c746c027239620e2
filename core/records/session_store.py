"""The sessions that were kept: listed, named, and found from an alert's camera and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, update

from core.errors import RecordsError
from core.records.alert_filter import AlertFilter
from core.records.columns import storable
from core.records.database import Database
from core.records.session import Session, SessionSource
from core.records.tables import session
from core.timeline.span import Span

LONGEST_NAME = 80
"""Letters."""


class SessionStore:
    """Of a database; RecordsError where it fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self,
        span: Span | None = None,
        source: SessionSource | None = None,
        limit: int | None = 500,
    ) -> tuple[Session, ...]:
        """Those that reach into the span, the newest first; None for all."""
        newest = select(session).order_by(session.c.began_utc.desc(), session.c.id.desc())
        if span is not None:
            newest = newest.where(
                session.c.began_utc < span.until_utc, session.c.last_utc > span.since_utc
            )
        if source is not None:
            newest = newest.where(session.c.source == source)
        with self._database.read() as connection:
            return tuple(map(session_from, connection.execute(newest.limit(limit))))

    def one(self, session_id: int) -> Session | None:
        """None where it is gone."""
        return self._one(session.c.id == session_id)

    def by_camera_id(self, camera_id: str) -> Session | None:
        """By the connection's id."""
        return self._one(session.c.camera_id == camera_id)

    def newest_of_watch(self, watch_id: str) -> Session | None:
        """The last to begin of a camera's connections, one of which may still be going on."""
        newest = select(session).where(_of_watch(watch_id))
        newest = newest.order_by(session.c.began_utc.desc(), session.c.id.desc()).limit(1)
        return self._first(newest)

    def rename(self, session_id: int, name: str) -> Session:
        """Give it a name; "" takes it away. RecordsError also where it is gone, or too long."""
        name = " ".join(storable(name).split())
        if len(name) > LONGEST_NAME:
            raise RecordsError(f"A name has at most {LONGEST_NAME} letters.")
        change = update(session).where(session.c.id == session_id).values(name=name)
        with self._database.write() as connection:
            row = connection.execute(change.returning(session)).one_or_none()
        if row is None:
            raise RecordsError("This session is not kept any more.")
        return session_from(row)

    def alerts_of(self, asked: Session) -> AlertFilter:
        """Which alerts fired while its camera sent this session.

        An alert names the camera's watch, which goes on from one connection to the next; an alert
        between two sessions, for instance that no pictures come, belongs to the first.
        """
        later = (
            select(session.c.began_utc)
            .where(_of_watch(asked.watch_id), session.c.began_utc > asked.began_utc)
            .order_by(session.c.began_utc)
            .limit(1)
        )
        with self._database.read() as connection:
            until_utc = connection.scalar(later)
        return AlertFilter(asked.began_utc, until_utc, camera_id=asked.watch_id)

    def _one(self, which: ColumnElement[bool]) -> Session | None:
        return self._first(select(session).where(which))

    def _first(self, query: Select[Any]) -> Session | None:
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return session_from(row) if row is not None else None


def session_from(row: Row[Any]) -> Session:
    """From a row with the table's columns."""
    return Session(
        id=row.id,
        camera_id=row.camera_id,
        camera_name=row.camera_name,
        name=row.name,
        source=SessionSource(row.source),
        model=row.model,
        sure_from=row.sure_from,
        began_utc=row.began_utc,
        last_utc=row.last_utc,
    )


def _of_watch(watch_id: str) -> ColumnElement[bool]:
    return (session.c.camera_id == watch_id) | session.c.camera_id.startswith(
        f"{watch_id}-", autoescape=True
    )
