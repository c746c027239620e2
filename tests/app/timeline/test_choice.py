"""What somebody chose to see: the time that it means, wider, closer, and in the address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timeline.choice import (
    LONGEST,
    SHORTEST,
    Choice,
    Range,
    closer,
    from_address,
    smallest_range,
    span_of,
    to_address,
    wider,
)
from core.records.session import Session, SessionSource
from core.timeline.span import Span

NOW_UTC = datetime(2026, 3, 29, 10, 0, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def ago(**length: float) -> datetime:
    return NOW_UTC - timedelta(**length)


def session(id_: int, began_utc: datetime, last_utc: datetime) -> Session:
    return Session(
        id_, f"c{id_}", "Kitchen", "", SessionSource.CAMERA, "mien7", 0.45, began_utc, last_utc
    )


@pytest.mark.parametrize(
    ("choice", "since_utc"),
    [
        pytest.param(Choice(Range.TWO_MINUTES), ago(minutes=2), id="two minutes"),
        pytest.param(Choice(), ago(hours=1), id="an hour at first"),
        pytest.param(Choice(Range.YEAR), ago(days=365), id="a year"),
        pytest.param(
            Choice(Range.TODAY), datetime(2026, 3, 28, 23, tzinfo=UTC), id="today, clocks changed"
        ),
        pytest.param(Choice(Range.SESSION, (7,)), ago(hours=1), id="a session that is gone"),
    ],
)
def test_ranges_end_now(choice: Choice, since_utc: datetime) -> None:
    assert span_of(choice, NOW_UTC, BERLIN) == Span(since_utc, NOW_UTC)


def test_just_after_midnight_today_has_a_length() -> None:
    midnight_utc = datetime(2026, 1, 1, 23, tzinfo=UTC)
    assert span_of(Choice(Range.TODAY), midnight_utc, BERLIN).length_s > 0


def test_sessions_are_shown_from_the_first_beginning_to_the_last_end() -> None:
    chosen = [session(1, ago(hours=3), ago(hours=2)), session(2, ago(hours=5), ago(hours=4))]
    span = span_of(Choice(Range.SESSION, (1, 2)), NOW_UTC, BERLIN, chosen)
    assert span == Span(ago(hours=5), ago(hours=2))


def test_a_session_of_no_length_can_be_shown() -> None:
    span = span_of(Choice(Range.SESSION, (1,)), NOW_UTC, None, [session(1, NOW_UTC, NOW_UTC)])
    assert span.until_utc - span.since_utc == SHORTEST


def test_wider_goes_to_the_next_range() -> None:
    assert wider(Choice(Range.HOUR, (3,)), Span(ago(hours=1), NOW_UTC), NOW_UTC) == Choice(
        Range.DAY, (3,)
    )
    assert wider(Choice(Range.YEAR), Span(ago(days=365), NOW_UTC), NOW_UTC) == Choice(Range.YEAR)


def test_wider_than_a_span_is_three_times_as_long_around_the_same_middle() -> None:
    span = Span(ago(hours=10), ago(hours=9))
    assert wider(Choice(span), span, NOW_UTC) == Choice(Span(ago(hours=11), ago(hours=8)))


def test_wider_does_not_show_the_future() -> None:
    span = Span(ago(minutes=30), ago(minutes=10))
    assert wider(Choice(span), span, NOW_UTC) == Choice(Span(ago(minutes=60), NOW_UTC))


def test_wider_has_an_end() -> None:
    span = Span(NOW_UTC - LONGEST, NOW_UTC)
    assert wider(Choice(span), span, NOW_UTC) == Choice(span)


def test_closer_keeps_the_sessions_and_is_never_too_short() -> None:
    found = closer(Choice(Range.DAY, (4,)), ago(seconds=20), ago(seconds=19))
    assert found.sessions == (4,)
    assert isinstance(found.time, Span)
    assert found.time.until_utc - found.time.since_utc == SHORTEST
    assert found.time.since_utc < ago(seconds=19.5) < found.time.until_utc


@pytest.mark.parametrize(
    ("of_utc", "expected"),
    [
        pytest.param(ago(minutes=1), Range.HOUR, id="an hour at least"),
        pytest.param(ago(hours=2), Range.DAY, id="a day"),
        pytest.param(ago(days=8), Range.MONTH, id="a month"),
        pytest.param(ago(days=900), Range.YEAR, id="a year at most"),
    ],
)
def test_the_smallest_range_with_a_moment(of_utc: datetime, expected: Range) -> None:
    assert smallest_range(of_utc, NOW_UTC) is expected


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
spans = st.tuples(moments, st.integers(1, 10**7)).map(
    lambda pair: Span(pair[0], pair[0] + timedelta(seconds=pair[1]))
)
ids = st.lists(st.integers(1, 10**9), max_size=5, unique=True).map(tuple)
choices = st.one_of(
    st.builds(Choice, st.sampled_from([r for r in Range if r is not Range.SESSION]), ids),
    st.builds(Choice, spans, ids),
    st.builds(Choice, st.just(Range.SESSION), ids.filter(len)),
)


@given(choices)
def test_an_address_leads_back(choice: Choice) -> None:
    assert from_address(to_address(choice)) == choice


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"time": "3h"}, id="unknown range"),
        pytest.param({"time": "session"}, id="session without one"),
        pytest.param({"from": "2026-01-01T00:00:00Z"}, id="no end"),
        pytest.param({"from": "x", "to": "y"}, id="no times"),
        pytest.param({"from": "2026-01-01T00:00", "to": "2026-01-02T00:00"}, id="no zone"),
        pytest.param(
            {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, id="backwards"
        ),
        pytest.param({"from": "0001-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, id="ages ago"),
        pytest.param(
            {"from": "9999-12-30T00:00:00Z", "to": "9999-12-31T23:59:59Z"}, id="end of time"
        ),
    ],
)
def test_an_address_without_sense_means_nothing(parameters: dict[str, str]) -> None:
    assert from_address(parameters) is None


def test_sessions_alone_mean_all_of_them() -> None:
    assert from_address({"sessions": "3-x-5-3"}) == Choice(Range.SESSION, (3, 5))
