"""Alerts and notes on the axis of time: which there are, and how each is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.timeline.mark import Mark
from core.alerts.alert import Alert
from core.records.alert_filter import AlertFilter
from core.records.note import Note
from core.records.session import Session
from core.timeline.span import Span

if TYPE_CHECKING:
    from app.looking_back import LookingBack

ALERT, NOTE = "alert", "note"
MOST_MARKS = 200
"""Of each kind, the newest; more would hide one another."""
_WORDS = 60


def marks_between(
    looking_back: LookingBack, span: Span, sessions: Sequence[Session]
) -> tuple[Mark, ...]:
    """By time.

    Args:
        looking_back: the records.
        span: in which they lie.
        sessions: only what belongs to these, or with notes to none; empty for all.
    """
    found = [alert_mark(alert) for alert in _alerts(looking_back, span, sessions)]
    found += [note_mark(note) for note in _notes(looking_back, span, sessions)]
    return tuple(sorted(found, key=lambda mark: mark.at_utc))


def alert_mark(alert: Alert) -> Mark:
    """“Alert 12: Pain”."""
    return Mark(alert.fired_utc, ALERT, f"Alert {alert.number}: {alert.title}", alert.number)


def note_mark(note: Note) -> Mark:
    """Its first words; “A marked moment” without any."""
    return Mark(note.at_utc, NOTE, first_words(note.text) or "A marked moment", note.id)


def first_words(text: str, most: int = _WORDS) -> str:
    """On one line, cut with “…”."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _alerts(looking_back: LookingBack, span: Span, sessions: Sequence[Session]) -> list[Alert]:
    store = looking_back.alerts
    if not sessions:
        every = AlertFilter(since_utc=span.since_utc, until_utc=span.until_utc)
        return list(store.list(every, MOST_MARKS))
    of_sessions = {
        alert.number: alert
        for session in sessions
        for alert in store.list(looking_back.sessions.alerts_of(session), MOST_MARKS)
    }
    return [
        alert
        for alert in of_sessions.values()
        if span.since_utc <= alert.fired_utc < span.until_utc
    ]


def _notes(looking_back: LookingBack, span: Span, sessions: Sequence[Session]) -> list[Note]:
    ids = {session.id for session in sessions}
    notes = looking_back.notes.between(span)
    shown = [note for note in notes if not ids or note.session_id is None or note.session_id in ids]
    return shown[-MOST_MARKS:]
