"""The episodes: opened together with what is to be told, closed, answered, looked up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from core.alerts.alert import Alert, Answer, NewAlert
from core.alerts.change import Ending
from core.clock import Clock
from core.errors import RecordsError
from core.records.alert_filter import AlertFilter, conditions
from core.records.alert_rows import alert_from, alerts_query, values_of
from core.records.database import Database
from core.records.failures import ClashError
from core.records.leases import hold
from core.records.tables import alert, alert_picture, lease
from core.records.telling import cancel_what_follows, tell, update_messages

SERVER_SILENT_S = 60.0
"""After which a server that says nothing counts as gone."""

_SERVER = "server "  # of the names of leases


class AlertStore:
    """All episodes of a database. Each method is one transaction; RecordsError where it fails."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(self, new: NewAlert, deadline_s: float, turn_after_s: float = 720.0) -> Alert:
        """Record it, with one delivery for each enabled recipient, all or nothing.

        Handing it over twice records it once. Where the same rule has an open alert for the same
        camera and person, that one is returned. What is held gets no deliveries.

        Args:
            new: what fired.
            deadline_s: of each delivery, from when it is due.
            turn_after_s: a turn is told so much later than the one before it.
        """
        try:
            return self._open(new, deadline_s, turn_after_s)
        except ClashError:  # another server was faster: now it is found
            return self._open(new, deadline_s, turn_after_s)

    def _open(self, new: NewAlert, deadline_s: float, turn_after_s: float) -> Alert:
        with self._database.write() as connection:
            itself = alert.c.id == new.id
            same = alerts_query().where(or_(itself, _open_twin(new))).order_by(itself.desc())
            found = connection.execute(same).first()
            if found is not None:
                return alert_from(found)
            self._live(connection)
            values = values_of(new, self._database.owner)
            connection.execute(insert(alert).values(values))
            if new.picture_jpeg is not None:
                picture = {"alert_id": new.id, "taken_utc": new.fired_utc}
                connection.execute(insert(alert_picture).values(jpeg=new.picture_jpeg, **picture))
            if not new.held:
                tell(
                    connection,
                    new,
                    self._clock.now_utc(),
                    deadline_s=deadline_s,
                    turn_after_s=turn_after_s,
                )
            return alert_from(connection.execute(alerts_query().where(itself)).one())

    def close(self, alert_id: str, at_utc: datetime, ending: Ending) -> Alert | None:
        """It is over: an update for everyone who was told. None for an alert that there is not.

        What waits to be sent still is (its message says then that it is over), and reminders go
        on until somebody answers. Closing it again changes nothing.
        """
        with self._database.write() as connection:
            found = _locked(connection, alert.c.id == alert_id)
            if found is None or not found.is_open:
                return found
            return self._close(connection, found, at_utc, ending)

    def answer(self, number_or_id: int | str, answer: Answer, by: str) -> tuple[Alert, bool]:
        """What a carer says, and whether it is the first answer, which is the one that counts.

        The first one updates everyone's message and cancels reminders and later turns.

        Raises:
            RecordsError: also where there is no such alert.
        """
        by_number = isinstance(number_or_id, int)
        which = alert.c.number == number_or_id if by_number else alert.c.id == number_or_id
        with self._database.write() as connection:
            found = _locked(connection, which)
            if found is None:
                raise RecordsError("There is no such alert.")
            if found.answer is not None:
                return found, False
            now_utc = self._clock.now_utc()
            values = {"answer": answer, "answered_by": by, "answered_utc": now_utc}
            connection.execute(update(alert).where(alert.c.id == found.id).values(values))
            cancel_what_follows(connection, found.id, now_utc)
            update_messages(connection, found.id, self._clock.now_utc())
            changed = connection.execute(alerts_query().where(alert.c.id == found.id)).one()
            return alert_from(changed), True

    def one(self, number: int) -> Alert | None:
        """By what people call it."""
        return self._one(alert.c.number == number)

    def by_id(self, alert_id: str) -> Alert | None:
        """By its UUID in hex."""
        return self._one(alert.c.id == alert_id)

    def list(
        self, which: AlertFilter, limit: int, before_number: int | None = None
    ) -> tuple[Alert, ...]:
        """Newest first; the next page is asked for by the last one's number."""
        query = alerts_query().where(*conditions(which))
        if before_number is not None:
            query = query.where(alert.c.number < before_number)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(alert.c.number.desc()).limit(limit)).all()
        return tuple(map(alert_from, rows))

    def picture(self, alert_id: str) -> bytes | None:
        """JPEG; None where there was none, or it has expired."""
        query = select(alert_picture.c.jpeg).where(alert_picture.c.alert_id == alert_id)
        with self._database.read() as connection:
            jpeg = connection.scalar(query)
        return bytes(jpeg) if jpeg is not None else None

    def expire_pictures(self, before_utc: datetime) -> int:
        """Erase those taken before; how many. The alerts stay."""
        old = delete(alert_picture).where(alert_picture.c.taken_utc < before_utc)
        with self._database.write() as connection:
            return connection.execute(old).rowcount

    def held(self) -> tuple[Alert, ...]:
        """What quiet hours held back and no digest has told yet, oldest first."""
        waiting = (alert.c.held.is_(True), alert.c.digested_utc.is_(None))
        query = alerts_query().where(*waiting).order_by(alert.c.number)
        with self._database.read() as connection:
            return tuple(map(alert_from, connection.execute(query)))

    def digested(self, ids: Collection[str]) -> None:
        """These were told in a digest."""
        told = update(alert).where(alert.c.id.in_(ids)).values(digested_utc=self._clock.now_utc())
        with self._database.write() as connection:
            connection.execute(told)

    def end_left_open(self) -> int:
        """Say that this server lives, and end the episodes of servers that are gone; how many.

        To be called at start and about every 20 seconds: a server that has not called it (or opened
        an alert) for a minute counts as gone, so that two servers leave each other's alone.
        """
        now_utc = self._clock.now_utc()
        with self._database.write() as connection:
            self._live(connection)
            living = select(lease.c.owner).where(
                lease.c.name.startswith(_SERVER), lease.c.until_utc > now_utc
            )
            left = alerts_query().where(alert.c.over_utc.is_(None), alert.c.server.not_in(living))
            found = [alert_from(row) for row in connection.execute(left.with_for_update(of=alert))]
            for each in found:
                self._close(connection, each, now_utc, Ending.STOPPED)
            gone = lease.c.name.startswith(_SERVER) & (lease.c.until_utc <= now_utc)
            connection.execute(delete(lease).where(gone))
        return len(found)

    def _live(self, connection: Connection) -> None:
        owner = self._database.owner
        hold(connection, f"{_SERVER}{owner}", owner, SERVER_SILENT_S, self._clock.now_utc())

    def _one(self, which: ColumnElement[bool]) -> Alert | None:
        with self._database.read() as connection:
            row = connection.execute(alerts_query().where(which)).one_or_none()
        return alert_from(row) if row is not None else None

    def _close(
        self, connection: Connection, found: Alert, at_utc: datetime, ending: Ending
    ) -> Alert:
        over = update(alert).where(alert.c.id == found.id).values(over_utc=at_utc, ending=ending)
        connection.execute(over)
        update_messages(connection, found.id, self._clock.now_utc())
        return alert_from(connection.execute(alerts_query().where(alert.c.id == found.id)).one())


def _open_twin(new: NewAlert) -> ColumnElement[bool]:
    person = alert.c.person.is_(None) if new.person is None else alert.c.person == new.person
    of_rule = (alert.c.camera_id == new.camera_id) & (alert.c.rule_key == new.rule_key)
    return alert.c.over_utc.is_(None) & of_rule & person


def _locked(connection: Connection, which: ColumnElement[bool]) -> Alert | None:
    """Nobody else changes it until the transaction ends."""
    row = connection.execute(alerts_query().where(which).with_for_update(of=alert)).one_or_none()
    return alert_from(row) if row is not None else None
