"""Erasing everything of a session or of a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from core.alerts.alert import NewAlert
from core.errors import RecordsError
from core.monitoring.second import Second
from core.records.alert_filter import AlertFilter, AlertState
from core.records.camera_row import CameraRow
from core.records.database import Database
from core.records.erased import Erased
from core.records.erasing_rows import (
    count_alerts,
    count_notes,
    count_of_session,
    end_session,
    erase_alerts,
    erase_notes,
    erase_part,
    erase_rollups,
    erase_seconds,
)
from core.records.roll_ups import HOUR, hour_of
from core.records.second_rows import SECOND
from core.records.session import Session
from core.records.session_store import SessionStore
from core.timeline.span import Span

__all__ = ["Erased", "Eraser"]

_NO_LIMIT = 1_000_000_000

_log = logging.getLogger(__name__)


class WaitingSeconds(Protocol):
    """Seconds that are not in the database yet; see Recorder."""

    def forget(self, goes: Callable[[CameraRow, Second], bool]) -> int:
        """Those for which it holds are not written any more; how many."""


class WaitingAlerts(Protocol):
    """Alerts that are not in the database yet; see AlertDesk."""

    def forget(self, goes: Callable[[NewAlert], bool]) -> int:
        """Those that are over and for which it holds are not recorded any more; how many."""


@dataclass(frozen=True)
class _Plan:
    """What goes.

    Attributes:
        sessions: those that it touches.
        span: which part of them; None for all.
        alerts: those that are over.
    """

    sessions: tuple[Session, ...]
    span: Span | None
    alerts: AlertFilter

    def has_second(self, camera: CameraRow, second: Second) -> bool:
        if self.span is None:
            return camera.id in {session.camera_id for session in self.sessions}
        return self.span.since_utc <= second.at_utc - SECOND < self.span.until_utc

    def has_alert(self, new: NewAlert) -> bool:
        since_utc, until_utc = self.alerts.since_utc, self.alerts.until_utc
        return (
            self.alerts.camera_id in {"", new.camera_id}
            and (since_utc is None or since_utc <= new.fired_utc)
            and (until_utc is None or new.fired_utc < until_utc)
        )


class Eraser:
    """Of a database; RecordsError where it fails: what was erased by then stays erased.

    With a time go the readings that begin in it, the roll-ups of every minute that it touches
    (made again where seconds of that minute remain), notes beside it, and alerts that fired in it
    and are over, with their pictures and deliveries. With a session go its notes, and the alerts
    that its camera raised in it. An alert that still goes on stays. A camera that runs is recorded
    anew from its next second on.

    Each transaction is short, so that nothing that watches waits. In the end nothing of what was
    erased is left in SQLite's files (where somebody reads at that moment: within the hour, see
    Retention); PostgreSQL clears its own when it vacuums.

    Args:
        database: holds what is erased.
        seconds, alerts: what waits in memory would come back; None for nothing of the kind.
    """

    def __init__(
        self,
        database: Database,
        seconds: WaitingSeconds | None = None,
        alerts: WaitingAlerts | None = None,
    ) -> None:
        self._database = database
        self._sessions = SessionStore(database)
        self._seconds = seconds
        self._alerts = alerts

    def count(self, what: Span | int) -> Erased:
        """What erasing this time, or the session with this id, would erase."""
        plan = self._plan(what)
        with self._database.read() as connection:
            found = count_alerts(connection, plan.alerts) + count_notes(connection, what)
            for session in plan.sessions:
                found += count_of_session(connection, session.id, plan.span)
        return found

    def erase_session(self, session_id: int) -> Erased:
        """Whole; RecordsError also where it is gone."""
        return self._erase(session_id)

    def erase_span(self, span: Span) -> Erased:
        """Of all sessions, whatever their source."""
        return self._erase(span)

    def _plan(self, what: Span | int) -> _Plan:
        over = (AlertState.OVER,)
        if isinstance(what, Span):
            touched = self._sessions.list(what, limit=_NO_LIMIT)
            return _Plan(touched, what, AlertFilter(what.since_utc, what.until_utc, over))
        session = self._sessions.one(what)
        if session is None:
            raise RecordsError("This session is not kept any more.")
        return _Plan((session,), None, replace(self._sessions.alerts_of(session), states=over))

    def _erase(self, what: Span | int) -> Erased:
        plan = self._plan(what)
        if self._seconds is not None:
            self._seconds.forget(plan.has_second)
            plan = self._plan(what)  # what was being written is there now
        if self._alerts is not None:
            self._alerts.forget(plan.has_alert)
        erased = self._in_pages(partial(erase_alerts, which=plan.alerts))
        with self._database.write() as connection:
            erased += erase_notes(connection, what)
        for session in plan.sessions:
            if plan.span is None or _is_around(plan.span, session):
                erased += self._whole(session)
            else:
                erased += self._part(session, plan.span)
            with self._database.write() as connection:
                end_session(connection, session.id, whole=plan.span is None)
        if not self._database.truncate_log():
            _log.warning("What was erased is still in the database's log: somebody reads it.")
        return erased

    def _whole(self, session: Session) -> Erased:
        erased = self._in_pages(partial(erase_seconds, session=session))
        return erased + self._in_pages(partial(erase_rollups, session=session))

    def _part(self, session: Session, span: Span) -> Erased:
        erased = Erased()
        for hour in _hours(session, span):
            with self._database.write() as connection:
                erased += erase_part(connection, session.id, hour)
        return erased

    def _in_pages(self, page: Callable[[Connection], Erased]) -> Erased:
        """One transaction each, until one finds nothing more."""
        erased = Erased()
        while True:
            with self._database.write() as connection:
                more = page(connection)
            if not more:
                return erased
            erased += more


def _is_around(span: Span, session: Session) -> bool:
    return span.since_utc <= session.began_utc and session.last_utc <= span.until_utc


def _hours(session: Session, span: Span) -> Iterator[Span]:
    """The parts of the span that the session reaches into, one for each hour."""
    since_utc = max(span.since_utc, session.began_utc)
    end_utc = min(span.until_utc, session.last_utc)
    while since_utc < end_utc:
        until_utc = min(end_utc, hour_of(since_utc) + HOUR)
        yield Span(since_utc, until_utc)
        since_utc = until_utc
