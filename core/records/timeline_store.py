"""What is looked back on, read as tallies of any width."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, true

from core.records.database import Database
from core.records.roll_ups import minute_of
from core.records.second_rows import SECOND
from core.records.second_tally import tally_of_session
from core.records.session import SessionSource
from core.records.tables import rollup, second, session
from core.records.tally_rows import rollups_where
from core.timeline.adding import coarser, joined
from core.timeline.span import Span
from core.timeline.tally import HOUR_S, MINUTE_S, Tally, empty, rows

Sessions = Sequence[Row[Any]]


class TimelineStore:
    """Of a database; RecordsError where it fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tally(
        self,
        span: Span,
        width_s: int,
        sessions: Collection[int] | None = None,
        source: SessionSource | None = SessionSource.CAMERA,
    ) -> Tally:
        """Of every person, in whole pieces: the first and the last may reach beyond the span.

        Args:
            span: to be looked at.
            width_s: of a piece. Where seconds are not kept any more the tally has minutes instead,
                and says so in its own `width_s`.
            sessions: exactly these, whatever their source; None for all.
            source: of the sessions where none are named; None for any.
        """
        with self._database.read() as connection:
            found = _sessions_in(connection, span, sessions, source)
            if width_s < MINUTE_S and any(_is_faded(connection, row.id, span) for row in found):
                width_s = MINUTE_S
            pieces = _whole_pieces(span, width_s)
            if width_s % MINUTE_S:
                parts = list(_seconds(connection, found, *pieces))
            else:
                level_s = MINUTE_S if width_s % HOUR_S else HOUR_S
                kept = _rollups(connection, found, level_s, *pieces, named=sessions is not None)
                parts = [kept, *_seconds(connection, found, *pieces, only_new=True)]
        return joined([empty(width_s), *(coarser(part, width_s) for part in parts)])

    def extent(self, source: SessionSource | None = SessionSource.CAMERA) -> Span | None:
        """From the first beginning to the last end of all that is kept; None where nothing is."""
        times = select(func.min(session.c.began_utc), func.max(session.c.last_utc))
        with self._database.read() as connection:
            began_utc, last_utc = connection.execute(times.where(_which(None, source))).one()
        return None if began_utc is None else Span(began_utc, last_utc)


def _which(sessions: Collection[int] | None, source: SessionSource | None) -> ColumnElement[bool]:
    if sessions is not None:
        return session.c.id.in_(sessions)
    return true() if source is None else session.c.source == source


def _sessions_in(
    connection: Connection,
    span: Span,
    sessions: Collection[int] | None,
    source: SessionSource | None,
) -> Sessions:
    row = session.c
    query = select(session).where(
        _which(sessions, source), row.began_utc < span.until_utc, row.last_utc > span.since_utc
    )
    return connection.execute(query.order_by(row.id)).all()


def _is_faded(connection: Connection, session_id: int, span: Span) -> bool:
    """Whether minutes of the span are kept whose seconds were erased for their age."""
    first = select(func.min(second.c.at_utc)).where(second.c.session_id == session_id)
    first_utc = connection.scalar(first)
    until_utc = span.until_utc if first_utc is None else minute_of(first_utc - SECOND)
    row = rollup.c
    minutes = select(row.at_utc).where(
        row.session_id == session_id,
        row.width_s == MINUTE_S,
        row.at_utc >= minute_of(span.since_utc),
        row.at_utc < min(until_utc, span.until_utc),
    )
    return connection.execute(minutes.limit(1)).one_or_none() is not None


def _whole_pieces(span: Span, width_s: int) -> tuple[int, int]:
    """Unix time of the first one's beginning and of the last one's end."""
    since_s, until_s = span.since_utc.timestamp(), span.until_utc.timestamp()
    return int(since_s // width_s) * width_s, -int(-until_s // width_s) * width_s


def _rollups(
    connection: Connection,
    found: Sessions,
    level_s: int,
    since_s: int,
    until_s: int,
    *,
    named: bool,
) -> Tally:
    """Of these sessions, which are all but a few where none were named."""
    since_utc, until_utc = (
        datetime.fromtimestamp(since_s, UTC),
        datetime.fromtimestamp(until_s, UTC),
    )
    ids = [row.id for row in found]
    in_time = and_(rollup.c.at_utc >= since_utc, rollup.c.at_utc < until_utc)
    which = rollup.c.session_id.in_(ids) if named else true()
    tally = rollups_where(connection, level_s, and_(in_time, which))
    return rows(tally, np.isin(tally.session, ids))


def _seconds(
    connection: Connection, found: Sessions, since_s: int, until_s: int, *, only_new: bool = False
) -> Iterator[Tally]:
    """Of each session; if asked for only what is not rolled up yet."""
    for row in found:
        rolled_until_s = int(row.rolled_until_utc.timestamp())
        begin_s = max(since_s, rolled_until_s) if only_new else since_s
        if begin_s < min(until_s, row.last_utc.timestamp()):
            yield tally_of_session(connection, row.id, row.sure_from, begin_s, until_s)
