"""Sessions as rows of a table: one for each second and person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core.expression.wording import looks
from core.monitoring.second import PersonSecond
from core.records.database import Database
from core.records.second_rows import SECOND, labels_by_id, people_between
from core.records.session import Session
from core.records.tables import reading
from core.tables.row import ReadingRow
from core.timeline.span import Span

_WINDOW = timedelta(minutes=10)
"""Read in one transaction: memory stays small, and nobody waits long."""
_MICROSECOND = timedelta(microseconds=1)


class SessionRows:
    """Of a database; RecordsError where it fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, span: Span | None, sessions: Iterable[Session]) -> int:
        """How many rows `between` gives."""
        query = select(func.count()).select_from(reading)
        with self._database.read() as connection:
            return sum(
                connection.scalar(query.where(*_of(session, span))) or 0 for session in sessions
            )

    def labels(self, span: Span | None, sessions: Iterable[Session]) -> tuple[str, ...]:
        """The expressions in these rows, in the order of their models."""
        query = select(reading.c.shown_labels).distinct()
        with self._database.read() as connection:
            found = {
                labels
                for session in sessions
                for labels in connection.scalars(query.where(*_of(session, span)))
            }
            known = labels_by_id(connection)
        return tuple(dict.fromkeys(label for each in sorted(found) for label in known[each]))

    def between(self, span: Span | None, sessions: Iterable[Session]) -> Iterator[ReadingRow]:
        """One session after the other, each by time, then by person; in constant memory.

        Args:
            span: only seconds that begin in it; None for all that are kept.
            sessions: in this order.
        """
        for session in sessions:
            for end_utc, people in self._seconds(session, span):
                yield from (_row(session, end_utc - SECOND, person) for person in people)

    def _seconds(
        self, session: Session, span: Span | None
    ) -> Iterator[tuple[datetime, Sequence[PersonSecond]]]:
        """With the end of each, as the database has it."""
        next_utc = self._first_from(session, span, session.began_utc)
        while next_utc is not None:
            until_utc = next_utc + _WINDOW
            if span is not None:
                until_utc = min(until_utc, span.until_utc + SECOND)
            yield from self._window(session.id, next_utc, until_utc).items()
            next_utc = self._first_from(session, span, until_utc)

    def _first_from(
        self, session: Session, span: Span | None, since_utc: datetime
    ) -> datetime | None:
        first = select(func.min(reading.c.at_utc)).where(
            *_of(session, span), reading.c.at_utc >= since_utc
        )
        with self._database.read() as connection:
            found: datetime | None = connection.scalar(first)
        return found

    def _window(
        self, session_id: int, since_utc: datetime, until_utc: datetime
    ) -> Mapping[datetime, Sequence[PersonSecond]]:
        with self._database.read() as connection:
            return people_between(connection, session_id, since_utc, until_utc - _MICROSECOND)


def _of(session: Session, span: Span | None) -> tuple[ColumnElement[bool], ...]:
    of_session = reading.c.session_id == session.id
    if span is None:
        return (of_session,)
    first_utc, end_utc = span.since_utc + SECOND, span.until_utc + SECOND
    return of_session, reading.c.at_utc >= first_utc, reading.c.at_utc < end_utc


def _row(session: Session, at_utc: datetime, person: PersonSecond) -> ReadingRow:
    return ReadingRow(
        source=session.title,
        kind=session.source.value,
        model=session.model,
        session=session.id,
        at_utc=at_utc,
        at_s=(at_utc - session.began_utc).total_seconds(),
        person=person.track_id,
        readings=person.readings,
        looks=looks(person.shown, session.sure_from),
        reading=person.shown,
        pain=_pain(person),
    )


def _pain(person: PersonSecond) -> float | None:
    for read in (person.watched, person.shown):
        if read is not None and "pain" in read.labels:
            return read.probability("pain")
    return None
