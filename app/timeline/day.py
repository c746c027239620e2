"""One day of the records, gathered for its report. No Streamlit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

import numpy as np

from app.timeline.view import View, build_view
from core.alerts.alert import Alert
from core.records.alert_filter import AlertFilter
from core.records.note import Note
from core.records.session import Session, SessionSource
from core.timeline.adding import over_people, over_sessions
from core.timeline.span import Span
from core.timeline.tally import HOUR_S, MINUTE_S, Tally

if TYPE_CHECKING:
    from app.looking_back import LookingBack

MOST_ALERTS = 500
"""Of a day, the newest; more are told as a number."""


@dataclass(frozen=True, eq=False)
class SessionFacts:
    """Of one connection of a camera on this day.

    Attributes:
        span: its part of the day.
        read_s: seconds in which a face was read; every person's count.
        people: track ids; who leaves and comes back counts anew.
    """

    session: Session
    span: Span
    read_s: int
    people: int


@dataclass(frozen=True, eq=False)
class Day:
    """Of all cameras.

    Attributes:
        span: from midnight to midnight in the zone; 23 or 25 hours where clocks change.
        view: its chart, and all that was read.
        hours: of everybody; a row for each hour in which somebody was read.
        sessions: the oldest first.
        alerts, notes: by time.
        on_s: seconds with at least one camera connected, pauses within a connection included.
        read_minutes: in which at least one face was read.
    """

    span: Span
    view: View
    hours: Tally
    sessions: tuple[SessionFacts, ...]
    alerts: tuple[Alert, ...]
    notes: tuple[Note, ...]
    on_s: float
    read_minutes: int


def span_of_day(day: date, zone: tzinfo | None) -> Span:
    """From midnight to midnight; None is the server's own zone."""
    since, until = (
        datetime.combine(each, time(), zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    return Span(since, until)


def gather_day(day: date, zone: tzinfo | None, looking_back: LookingBack) -> Day:
    """All that its report tells; RecordsError."""
    span = span_of_day(day, zone)
    timeline = looking_back.timeline
    minutes = timeline.tally(span, MINUTE_S)
    sessions = looking_back.sessions.list(span, SessionSource.CAMERA, limit=None)[::-1]
    which = AlertFilter(since_utc=span.since_utc, until_utc=span.until_utc)
    return Day(
        span=span,
        view=build_view(looking_back, span, (), zone, drag=False),
        hours=over_sessions(over_people(timeline.tally(span, HOUR_S))),
        sessions=tuple(_facts(session, span, minutes) for session in sessions),
        alerts=looking_back.alerts.list(which, MOST_ALERTS)[::-1],
        notes=looking_back.notes.between(span),
        on_s=_covered_s(_clipped(session, span) for session in sessions),
        read_minutes=len(np.unique(minutes.begin_s)),
    )


def _facts(session: Session, span: Span, minutes: Tally) -> SessionFacts:
    of_session = minutes.session == session.id
    return SessionFacts(
        session,
        _clipped(session, span),
        read_s=int(minutes.seconds[of_session].sum()),
        people=len(np.unique(minutes.track[of_session])),
    )


def _clipped(session: Session, span: Span) -> Span:
    return Span(max(session.began_utc, span.since_utc), min(session.last_utc, span.until_utc))


def _covered_s(spans: Iterable[Span]) -> float:
    """Of the spans together; where they overlap once."""
    covered, until_utc = 0.0, None
    for span in sorted(spans, key=lambda span: span.since_utc):
        since_utc = span.since_utc if until_utc is None else max(until_utc, span.since_utc)
        covered += max(0.0, (span.until_utc - since_utc).total_seconds())
        until_utc = span.until_utc if until_utc is None else max(until_utc, span.until_utc)
    return covered


def kept_days(extent: Span | None, zone: tzinfo | None) -> tuple[date, date] | None:
    """The first and the last of which anything is kept; None where nothing is."""
    if extent is None:
        return None
    last_utc = extent.until_utc - timedelta.resolution
    return extent.since_utc.astimezone(zone).date(), last_utc.astimezone(zone).date()
