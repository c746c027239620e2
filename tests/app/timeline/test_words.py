"""What the Timeline says of a time and of what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.timeline.session_list import row_text, sessions_words
from app.timeline.view import View
from app.timeline.words import chart_words, is_live, marks_words, seen_words, span_words
from core.records.session import Session, SessionSource
from core.timeline.adding import over_sessions
from core.timeline.reading_tally import tally_of_seconds
from core.timeline.span import Span
from core.timeline.tally import Tally, empty
from tests.support.seconds import BEGIN_UTC, person, second

NOW_UTC = datetime(2026, 1, 1, 15, tzinfo=UTC)


def view(tally: Tally, *, people: int = 1, hours: float = 1, is_faded: bool = False) -> View:
    span = Span(NOW_UTC - timedelta(hours=hours), NOW_UTC)
    return View(span, (), tally, over_sessions(tally), (), people, people, is_faded, None)


def session(name: str = "", last_utc: datetime = NOW_UTC) -> Session:
    began_utc = NOW_UTC - timedelta(minutes=12)
    return Session(
        1, "c1", "Kit_chen", name, SessionSource.CAMERA, "mien7", 0.45, began_utc, last_utc
    )


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        pytest.param((1, 13, 2, 0), (1, 14, 2, 0), "today, 13:02 to 14:02", id="an hour"),
        pytest.param(
            (1, 14, 2, 5), (1, 14, 4, 5), "today, 14:02:05 to 14:04:05", id="minutes, to the second"
        ),
        pytest.param(
            (1, 23, 58, 0),
            (2, 0, 1, 0),
            "today, 23:58:00 to Fri 2 Jan, 00:01:00",
            id="over midnight",
        ),
    ],
)
def test_a_span(since: tuple[int, ...], until: tuple[int, ...], words: str) -> None:
    span = Span(*(datetime(2026, 1, *at, tzinfo=UTC) for at in (since, until)))
    assert span_words(span, NOW_UTC, UTC) == words


def test_what_was_seen() -> None:
    tally = tally_of_seconds(1, [second(i, person(1), person(2)) for i in range(60)], 0.45)
    assert seen_words(view(tally, people=2)) == (
        "Faces were read for 2 min · 2 people, whoever came back counted anew · "
        "mostly “happy”, 100% of it"
    )
    assert seen_words(view(empty(1))) == "Nobody was read"


def test_the_caption_is_honest_and_tells_what_can_be_done() -> None:
    tally = tally_of_seconds(1, [second(0, person())], 0.45)
    assert "right about 7 times of 10" in chart_words(view(tally), drags=True)
    assert "Drag across the chart" in chart_words(view(tally), drags=True)
    assert "Drag" not in chart_words(view(tally), drags=False)
    assert "only sums are kept" in chart_words(view(tally, is_faded=True), drags=False)
    assert "has a lane" in chart_words(view(tally, people=3, hours=48), drags=True)
    assert "has a lane" not in chart_words(view(tally, people=3), drags=True)


def test_a_session_is_live_while_its_seconds_come() -> None:
    assert is_live(session(last_utc=NOW_UTC - timedelta(seconds=3)), NOW_UTC)
    assert not is_live(session(last_utc=NOW_UTC - timedelta(seconds=30)), NOW_UTC)
    assert not is_live(session(last_utc=NOW_UTC + timedelta(hours=1)), NOW_UTC)
    film = replace(session(last_utc=NOW_UTC), source=SessionSource.VIDEO)
    assert not is_live(film, NOW_UTC)


def test_a_session_in_the_list() -> None:
    text = row_text(session("Lunch", BEGIN_UTC), NOW_UTC, UTC)
    assert text.startswith("**Lunch**  \n")
    assert "Kit\\_chen" in text
    assert "model mien7" in text
    assert "Live" in row_text(session(), NOW_UTC, UTC)


def test_counts() -> None:
    assert marks_words(2, 1) == "2 alerts and 1 note"
    assert marks_words(0, 3) == "3 notes"
    assert sessions_words(()) == "All cameras"
    assert sessions_words((session("Lunch"),)) == "Lunch"
    assert sessions_words((session(), session())) == "2 sessions"
