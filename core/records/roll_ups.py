"""The roll-ups of a session, kept in step with its seconds, within a transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from core.records.second_rows import SECOND, id_of_labels
from core.records.tables import note, rollup, second, session
from core.records.tally_rows import rollup_values, rollups_where
from core.timeline.adding import coarser
from core.timeline.tally import HOUR_S, MINUTE_S, Tally

MINUTE, HOUR = timedelta(seconds=MINUTE_S), timedelta(seconds=HOUR_S)


def minute_of(at_utc: datetime) -> datetime:
    """Its beginning."""
    return at_utc.astimezone(UTC).replace(second=0, microsecond=0)


def hour_of(at_utc: datetime) -> datetime:
    """Its beginning."""
    return minute_of(at_utc).replace(minute=0)


def replace_rollups(
    connection: Connection, session_id: int, since_utc: datetime, until_utc: datetime, new: Tally
) -> None:
    """Of this width, those that begin in this time; the end is not included."""
    row = rollup.c
    connection.execute(
        delete(rollup).where(
            row.width_s == new.width_s,
            row.session_id == session_id,
            row.at_utc >= since_utc,
            row.at_utc < until_utc,
        )
    )
    if len(new):
        labels_id = id_of_labels(connection, new.labels)
        connection.execute(insert(rollup), rollup_values(new, labels_id))


def sum_hours(
    connection: Connection, session_id: int, since_utc: datetime, until_utc: datetime
) -> None:
    """All hours that this time touches, again, from their minutes, which somebody changed."""
    first_utc, end_utc = hour_of(since_utc), hour_of(until_utc - timedelta.resolution) + HOUR
    of_hours = (
        (rollup.c.session_id == session_id)
        & (rollup.c.at_utc >= first_utc)
        & (rollup.c.at_utc < end_utc)
    )
    minutes = rollups_where(connection, MINUTE_S, of_hours)
    replace_rollups(connection, session_id, first_utc, end_utc, coarser(minutes, HOUR_S))


def unroll(connection: Connection, session_id: int, since_utc: datetime) -> None:
    """Forget the roll-ups from this minute on: what they hold is made again from seconds."""
    of_session = rollup.c.session_id == session_id
    for width_s, first_utc in ((MINUTE_S, since_utc), (HOUR_S, hour_of(since_utc))):
        later = (rollup.c.width_s == width_s) & (rollup.c.at_utc >= first_utc)
        connection.execute(delete(rollup).where(of_session, later))
    sum_hours(connection, session_id, since_utc, since_utc + timedelta.resolution)
    connection.execute(
        update(session).where(session.c.id == session_id).values(rolled_until_utc=since_utc)
    )


def forget_rollups(connection: Connection, session_id: int, before_utc: datetime) -> int:
    """Of hours that are over before then and of which no second is kept; how many minutes."""
    first = select(func.min(second.c.at_utc)).where(second.c.session_id == session_id)
    first_utc = connection.scalar(first)
    kept_utc = before_utc if first_utc is None else min(before_utc, first_utc - SECOND)
    end_utc = hour_of(kept_utc)
    old = (rollup.c.session_id == session_id) & (rollup.c.at_utc < end_utc)
    minutes = delete(rollup).where(old, rollup.c.width_s == MINUTE_S)
    erased = connection.execute(minutes).rowcount
    if connection.execute(delete(rollup).where(old)).rowcount:
        row = session.c
        shorter = update(session).where(row.id == session_id, row.began_utc < end_utc)
        connection.execute(shorter.where(row.last_utc > end_utc).values(began_utc=end_utc))
    forget_empty_session(connection, session_id)
    return erased


def forget_empty_session(connection: Connection, session_id: int) -> None:
    """If nothing is left of it, and nobody wrote a note beside it."""
    left = [exists().where(table.c.session_id == session_id) for table in (second, rollup, note)]
    connection.execute(delete(session).where(session.c.id == session_id, ~or_(*left)))
