"""What the Timeline says: times, how much was seen, and what its charts show. No Streamlit."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from app.alerts.when import clock, day_and_clock, lasting
from app.timeline.choice import Range
from app.timeline.view import LANES_UP_TO_S, View
from app.words import counted
from core.records.session import Session, SessionSource
from core.timeline.distribution import distribution
from core.timeline.span import Span

RANGES = {
    Range.TWO_MINUTES: "2 min",
    Range.HOUR: "1 hour",
    Range.TODAY: "Today",
    Range.DAY: "24 hours",
    Range.WEEK: "7 days",
    Range.MONTH: "30 days",
    Range.YEAR: "1 year",
}

LIVE_WITHIN = timedelta(seconds=10)

HOW_SURE = "How faces looked, to a model that is right about 7 times of 10; not what people felt."


def span_words(span: Span, now_utc: datetime, zone: tzinfo | None) -> str:
    """“today, 13:02 to 14:02”, “Mon 16 Nov, 22:00 to Tue 17 Nov, 07:00”."""
    seconds = span.length_s <= 600
    since, until = (at.astimezone(zone) for at in (span.since_utc, span.until_utc))
    first = day_and_clock(span.since_utc, now_utc, zone)
    last = day_and_clock(span.until_utc, now_utc, zone)
    if since.date() == until.date():
        last = clock(span.until_utc, zone, seconds=seconds)
    if seconds:
        first = f"{first}:{since:%S}"
        if since.date() != until.date():
            last = f"{last}:{until:%S}"
    return f"{first} to {last}"


def seen_words(view: View) -> str:
    """“Faces were read for 43 min · 2 people · most of it looked happy, 61 %”."""
    if not view.seconds:
        return "Nobody was read"
    parts = [f"Faces were read for {lasting(view.seconds)}"]
    if view.people > 1:
        parts.append(f"{view.people} people, whoever came back counted anew")
    shown = distribution(view.everybody)
    top = int(shown.seconds.argmax())
    parts.append(f"mostly “{shown.looks[top]}”, {shown.share[top]:.0%} of it")
    return " · ".join(parts)


def chart_words(view: View, *, drags: bool) -> str:
    """The caption beneath the chart."""
    parts = [HOW_SURE]
    if drags:
        parts.append("Drag across the chart to look closer.")
    if view.marks:
        parts.append(f"{'Click' if drags else 'Tap'} a mark to open it.")
    if view.span.length_s > LANES_UP_TO_S and view.people > 1:
        parts.append("In a day or less, each person has a lane.")
    if view.is_faded:
        parts.append(
            "Of this time only sums are kept, one for each minute: it can't be shown any finer."
        )
    return " ".join(parts)


def session_words(session: Session, now_utc: datetime, zone: tzinfo | None) -> str:
    """“Kitchen · today, 14:02 · 12 min”."""
    when = day_and_clock(session.began_utc, now_utc, zone)
    return f"{session.title} · {when} · {lasting(session.length.total_seconds())}"


def is_live(session: Session, now_utc: datetime) -> bool:
    """Whether seconds of it still come; they are written once a second."""
    is_camera = session.source is SessionSource.CAMERA
    return is_camera and abs(now_utc - session.last_utc) < LIVE_WITHIN


def marks_words(alerts: int, notes: int) -> str:
    """“2 alerts and 1 note”."""
    parts = [counted(alerts, "alert")] if alerts else []
    parts += [counted(notes, "note")] if notes else []
    return " and ".join(parts)
