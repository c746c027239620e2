"""What goes when somebody erases, within a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select, update

from core.records.alert_filter import AlertFilter, conditions
from core.records.erased import Erased
from core.records.roll_ups import (
    MINUTE,
    forget_empty_session,
    minute_of,
    replace_rollups,
    sum_hours,
)
from core.records.second_rows import SECOND
from core.records.second_tally import tally_of_session
from core.records.session import Session
from core.records.session_growth import locked_session
from core.records.tables import alert, alert_picture, note, reading, rollup, second, session
from core.timeline.adding import coarser
from core.timeline.span import Span
from core.timeline.tally import MINUTE_S

_PAGE = 3600
"""Rows of one transaction, so that nobody waits long."""
_PAGE_OF_ALERTS = 50
"""Each with a picture of up to some hundred kilobytes."""


def count_of_session(connection: Connection, session_id: int, span: Span | None) -> Erased:
    """Its seconds, and minutes of its roll-ups; None for all."""
    return Erased(
        seconds=_count(connection, second, _seconds_in(second, session_id, span)),
        minutes=_count_minutes(connection, _rollups_in(session_id, span)),
    )


def count_notes(connection: Connection, what: Span | int) -> Erased:
    """Of a time, or of the session with this id."""
    return Erased(notes=_count(connection, note, _notes_of(what)))


def count_alerts(connection: Connection, which: AlertFilter) -> Erased:
    """And their pictures."""
    asked = select(alert.c.id).where(*conditions(which))
    return Erased(
        alerts=_count(connection, alert, alert.c.id.in_(asked)),
        pictures=_count(connection, alert_picture, alert_picture.c.alert_id.in_(asked)),
    )


def erase_notes(connection: Connection, what: Span | int) -> Erased:
    """All of them."""
    return Erased(notes=connection.execute(delete(note).where(_notes_of(what))).rowcount)


def erase_alerts(connection: Connection, which: AlertFilter) -> Erased:
    """A page of them, with pictures and deliveries, which go with their alert."""
    page = select(alert.c.id).where(*conditions(which)).limit(_PAGE_OF_ALERTS)
    ids = connection.scalars(page.with_for_update()).all()
    pictures = _count(connection, alert_picture, alert_picture.c.alert_id.in_(ids))
    connection.execute(delete(alert).where(alert.c.id.in_(ids)))
    return Erased(alerts=len(ids), pictures=pictures)


def erase_seconds(connection: Connection, session: Session) -> Erased:
    """A page of what the session had, with the people in it; what came since stays."""
    locked_session(connection, session.id)
    end_utc = _end_of_page(connection, second, session, session.last_utc + timedelta.resolution)
    erased = 0
    for table in (reading, second):
        in_page = (table.c.session_id == session.id) & (table.c.at_utc < end_utc)
        erased = connection.execute(delete(table).where(in_page)).rowcount
    return Erased(seconds=erased)


def erase_rollups(connection: Connection, session: Session) -> Erased:
    """A page of what the session had; also what was being made of seconds that are gone."""
    locked_session(connection, session.id)
    end_utc = _end_of_page(connection, rollup, session, session.last_utc)
    in_page = (rollup.c.session_id == session.id) & (rollup.c.at_utc < end_utc)
    minutes = _count_minutes(connection, in_page)
    connection.execute(delete(rollup).where(in_page))
    return Erased(minutes=minutes)


def erase_part(connection: Connection, session_id: int, span: Span) -> Erased:
    """Of a session what begins in this time, an hour at most; its roll-ups stay in step."""
    row = locked_session(connection, session_id)
    if row is None:
        return Erased()
    minutes = _count_minutes(connection, _rollups_in(session_id, span))
    erased = 0
    for table in (reading, second):
        in_span = _seconds_in(table, session_id, span)
        erased = connection.execute(delete(table).where(in_span)).rowcount
    first_utc, end_utc = minute_of(span.since_utc), _minute_after(span.until_utc)
    end_utc = min(end_utc, row.rolled_until_utc)
    if first_utc < end_utc:
        times_s = int(first_utc.timestamp()), int(end_utc.timestamp())
        left = tally_of_session(connection, session_id, row.sure_from, *times_s)
        replace_rollups(connection, session_id, first_utc, end_utc, coarser(left, MINUTE_S))
        sum_hours(connection, session_id, first_utc, end_utc)
    return Erased(seconds=erased, minutes=minutes)


def end_session(connection: Connection, session_id: int, *, whole: bool) -> None:
    """It becomes as long as what is left of it, or goes with the last of it.

    The whole one goes in any case, with its notes and what came meanwhile.
    """
    if whole:
        connection.execute(delete(session).where(session.c.id == session_id))
    forget_empty_session(connection, session_id)
    row = locked_session(connection, session_id)
    left = _what_is_left(connection, session_id)
    if row is not None and left is not None:
        times = {
            "began_utc": max(row.began_utc, left.since_utc),
            "last_utc": min(row.last_utc, left.until_utc),
        }
        connection.execute(update(session).where(session.c.id == session_id).values(times))


def _what_is_left(connection: Connection, session_id: int) -> Span | None:
    """From its first second, or an older minute, to its last one; None where nothing is."""
    seconds = func.min(second.c.at_utc), func.max(second.c.at_utc)
    of_session = select(*seconds).where(second.c.session_id == session_id)
    first_utc, last_utc = connection.execute(of_session).one()
    minutes = func.min(rollup.c.at_utc), func.max(rollup.c.at_utc)
    of_session = select(*minutes).where(_rollups_in(session_id, None))
    older_utc, newer_utc = connection.execute(of_session).one()
    begins = [] if first_utc is None else [first_utc - SECOND]
    ends = [] if last_utc is None else [last_utc]
    # a minute that holds the first second begins before it
    if older_utc is not None and not (begins and older_utc >= minute_of(begins[0])):
        begins.append(older_utc)
    if newer_utc is not None and not (ends and newer_utc <= minute_of(ends[0] - SECOND)):
        ends.append(newer_utc + MINUTE)
    return Span(min(begins), max(ends)) if begins and ends else None


def _seconds_in(table: Table, session_id: int, span: Span | None) -> ColumnElement[bool]:
    """Those that begin in it; they are kept by their end."""
    of_session = table.c.session_id == session_id
    if span is None:
        return of_session
    since_utc, until_utc = span.since_utc + SECOND, span.until_utc + SECOND
    return of_session & (table.c.at_utc >= since_utc) & (table.c.at_utc < until_utc)


def _rollups_in(session_id: int, span: Span | None) -> ColumnElement[bool]:
    """Minutes that it touches."""
    minutes = (rollup.c.session_id == session_id) & (rollup.c.width_s == MINUTE_S)
    if span is None:
        return minutes
    touched = rollup.c.at_utc > span.since_utc - MINUTE
    return minutes & touched & (rollup.c.at_utc < span.until_utc)


def _notes_of(what: Span | int) -> ColumnElement[bool]:
    if isinstance(what, int):
        return note.c.session_id == what
    return (note.c.at_utc >= what.since_utc) & (note.c.at_utc < what.until_utc)


def _end_of_page(
    connection: Connection, table: Table, session: Session, end_utc: datetime
) -> datetime:
    """Of the first page of a session's rows before the end; the end where that is all."""
    of_session = (table.c.session_id == session.id) & (table.c.at_utc < end_utc)
    later = select(table.c.at_utc).where(of_session).order_by(table.c.at_utc).offset(_PAGE)
    found: datetime | None = connection.scalar(later.limit(1))
    return found or end_utc


def _minute_after(at_utc: datetime) -> datetime:
    return minute_of(at_utc - timedelta.resolution) + MINUTE


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(which)) or 0


def _count_minutes(connection: Connection, which: ColumnElement[bool]) -> int:
    """Everybody's in one."""
    minutes = func.count(rollup.c.at_utc.distinct())
    return connection.scalar(select(minutes).where(which, rollup.c.width_s == MINUTE_S)) or 0
