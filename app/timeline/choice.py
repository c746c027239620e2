"""What somebody chose to see: which time, and of which sessions. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from core.records.session import Session
from core.timeline.span import Span

LONGEST = timedelta(days=3660)
"""Of a span; more was never kept."""
SHORTEST = timedelta(seconds=10)
_WIDER = 3.0
_MOST_SESSIONS = 100


class Range(StrEnum):
    """A time that moves along with the clock; the values stand in the page's address."""

    TWO_MINUTES = "2min"
    HOUR = "1h"
    TODAY = "today"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    YEAR = "1y"
    SESSION = "session"
    """From the beginning of the chosen sessions to their end."""


LENGTHS = {
    Range.TWO_MINUTES: timedelta(minutes=2),
    Range.HOUR: timedelta(hours=1),
    Range.DAY: timedelta(days=1),
    Range.WEEK: timedelta(days=7),
    Range.MONTH: timedelta(days=30),
    Range.YEAR: timedelta(days=365),
}
"""Of those that are of one length, from short to long."""


@dataclass(frozen=True)
class Choice:
    """What is shown.

    Attributes:
        time: a range up to now, or a span that stands still.
        sessions: ids of those that are shown; empty for all cameras.
    """

    time: Range | Span = Range.HOUR
    sessions: tuple[int, ...] = ()


def span_of(
    choice: Choice, now_utc: datetime, zone: tzinfo | None, sessions: Sequence[Session] = ()
) -> Span:
    """The time that it means now.

    Args:
        choice: to be shown.
        now_utc: where ranges end.
        zone: in which today began.
        sessions: the chosen ones, as they are kept.
    """
    if isinstance(choice.time, Span):
        return choice.time
    if choice.time is Range.SESSION and sessions:
        began_utc = min(session.began_utc for session in sessions)
        last_utc = max(session.last_utc for session in sessions)
        return Span(began_utc, max(last_utc, began_utc + SHORTEST))
    if choice.time is Range.TODAY:
        midnight = datetime.combine(now_utc.astimezone(zone).date(), time(), zone)
        return Span(midnight.astimezone(UTC), max(now_utc, midnight + SHORTEST))
    return Span(now_utc - LENGTHS.get(choice.time, LENGTHS[Range.HOUR]), now_utc)


def wider(choice: Choice, span: Span, now_utc: datetime) -> Choice:
    """Three times as long around the same middle, but not into the future."""
    if isinstance(choice.time, Range) and choice.time in LENGTHS:
        longer = [range_ for range_ in LENGTHS if LENGTHS[range_] > LENGTHS[choice.time]]
        return Choice(longer[0] if longer else choice.time, choice.sessions)
    length = span.until_utc - span.since_utc
    rest = (min(length * _WIDER, LONGEST) - length) / 2
    until_utc = max(span.until_utc, min(span.until_utc + rest, now_utc))
    return Choice(Span(until_utc - length - 2 * rest, until_utc), choice.sessions)


def closer(choice: Choice, since_utc: datetime, until_utc: datetime) -> Choice:
    """At least `SHORTEST`, around the middle of what was asked for."""
    middle_utc = since_utc + (until_utc - since_utc) / 2
    half = max(until_utc - since_utc, SHORTEST) / 2
    return Choice(Span(_whole(middle_utc - half), _whole(middle_utc + half)), choice.sessions)


def smallest_range(of_utc: datetime, now_utc: datetime) -> Range:
    """The shortest, from an hour on, in which this moment lies."""
    fits = (
        range_
        for range_, length in LENGTHS.items()
        if range_ is not Range.TWO_MINUTES and of_utc >= now_utc - length
    )
    return next(fits, Range.YEAR)


def to_address(choice: Choice) -> dict[str, str]:
    """Parameters of the page's address."""
    if isinstance(choice.time, Span):
        time_of = {"from": _iso(choice.time.since_utc), "to": _iso(choice.time.until_utc)}
    else:
        time_of = {"time": choice.time.value}
    if choice.sessions:
        time_of["sessions"] = "-".join(str(id_) for id_ in choice.sessions)
    return time_of


def from_address(parameters: Mapping[str, str]) -> Choice | None:
    """What an address means; None where it tells none that makes sense."""
    sessions = _sessions(parameters.get("sessions", ""))
    time_of = _span(parameters) or _range(parameters.get("time", ""))
    if time_of is None and sessions:
        time_of = Range.SESSION
    if time_of is None or (time_of is Range.SESSION and not sessions):
        return None
    return Choice(time_of, sessions)


def _range(text: str) -> Range | None:
    return Range(text) if text in set(Range) else None


def _span(parameters: Mapping[str, str]) -> Span | None:
    try:
        since, until = (datetime.fromisoformat(parameters[name]) for name in ("from", "to"))
        if since.tzinfo is None or until.tzinfo is None:
            return None
        # also refuses what no clock can show in another zone
        margin = timedelta(days=2)
        if not datetime.min.replace(tzinfo=UTC) + margin < since < until:
            return None
        if until > datetime.max.replace(tzinfo=UTC) - margin or until - since > LONGEST:
            return None
        return Span(since.astimezone(UTC), until.astimezone(UTC))
    except (KeyError, ValueError, OverflowError):
        return None


def _sessions(text: str) -> tuple[int, ...]:
    parts = text.split("-")[:_MOST_SESSIONS]
    known = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 16]
    return tuple(dict.fromkeys(known))


def _whole(at_utc: datetime) -> datetime:
    return (at_utc + timedelta(milliseconds=500)).replace(microsecond=0)


def _iso(at_utc: datetime) -> str:
    # "Z", as a plus in an address means a space
    return f"{at_utc.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
