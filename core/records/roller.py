"""Seconds rolled up: per minute, and per hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from core.clock import Clock
from core.records.database import Database
from core.records.roll_ups import HOUR, MINUTE, hour_of, minute_of, replace_rollups, sum_hours
from core.records.second_rows import SECOND
from core.records.second_tally import tally_of_session
from core.records.session_growth import locked_session
from core.records.tables import second, session
from core.timeline.adding import coarser
from core.timeline.tally import MINUTE_S

LATE = timedelta(seconds=10)
"""Seconds of a minute that arrive later than this after its end make it be rolled up again."""

_MOST_PAGES = 50


class Roller:
    """Of one database; in one server at a time, by a lease.

    Rolling again changes nothing. Readers see each second once at any moment: what is not rolled
    up yet they read from the seconds. A clock that went back only delays the rest.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def roll(self) -> int:
        """Roll up what is complete, each session's oldest hour first; RecordsError.

        Returns:
            Pages that were rolled up, one short transaction each, of at most an hour of a session.
            0: nothing is left to do. A long backlog takes several calls.
        """
        complete_utc = minute_of(self._clock.now_utc() - LATE)
        pages = 0
        while pages < _MOST_PAGES and (rolled := self._round(complete_utc, _MOST_PAGES - pages)):
            pages += rolled
        return pages

    def _round(self, complete_utc: datetime, most: int) -> int:
        """One page of each session, so that a long one keeps no other waiting."""
        row = session.c
        waiting = (
            select(row.id)
            .where(row.rolled_until_utc < complete_utc, row.last_utc > row.rolled_until_utc)
            .order_by(row.last_utc.desc())
        )
        with self._database.read() as connection:
            ids = connection.scalars(waiting).all()
        rolled = 0
        for session_id in ids:
            if rolled == most:
                break
            with self._database.write() as connection:
                rolled += _roll_page(connection, session_id, complete_utc)
        return rolled


def _roll_page(connection: Connection, session_id: int, complete_utc: datetime) -> bool:
    row = locked_session(connection, session_id)
    if row is None:
        return False
    # Not beyond its last second: what comes next would be late.
    all_utc = min(complete_utc, minute_of(row.last_utc) + MINUTE)
    begin_utc = min(_first_utc(connection, row) or all_utc, all_utc)
    end_utc = min(all_utc, hour_of(begin_utc) + HOUR)
    if end_utc <= row.rolled_until_utc:
        return False
    if begin_utc < end_utc:
        _roll(connection, row, begin_utc, end_utc)
    connection.execute(
        update(session).where(session.c.id == session_id).values(rolled_until_utc=end_utc)
    )
    return True


def _roll(
    connection: Connection, row: Row[tuple[Any, ...]], begin_utc: datetime, end_utc: datetime
) -> None:
    since_s, until_s = int(begin_utc.timestamp()), int(end_utc.timestamp())
    seconds = tally_of_session(connection, row.id, row.sure_from, since_s, until_s)
    replace_rollups(connection, row.id, begin_utc, end_utc, coarser(seconds, MINUTE_S))
    sum_hours(connection, row.id, begin_utc, end_utc)


def _first_utc(connection: Connection, row: Row[tuple[Any, ...]]) -> datetime | None:
    """The minute of the first second that is not rolled up; None where there is none."""
    first = select(func.min(second.c.at_utc)).where(
        second.c.session_id == row.id, second.c.at_utc >= row.rolled_until_utc + SECOND
    )
    first_utc = connection.scalar(first)
    return None if first_utc is None else minute_of(first_utc - SECOND)
