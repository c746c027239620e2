from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.delivery.bot.mute import mute_until

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
"""Twelve o'clock in Berlin's summer."""


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param("30m", 30, id="minutes"),
        pytest.param("30", 30, id="a number alone"),
        pytest.param("45 min", 45, id="with a space"),
        pytest.param("90 minutes", 90, id="written out"),
        pytest.param("2h", 120, id="hours"),
        pytest.param("1 hour", 60, id="one hour"),
        pytest.param("1h30", 90, id="together"),
        pytest.param("1h 30m", 90, id="together, apart"),
        pytest.param("for 2 hours", 120, id="for"),
        pytest.param("  2H ", 120, id="capitals and spaces"),
        pytest.param("24h", 24 * 60, id="the longest"),
        pytest.param("1440", 24 * 60, id="the longest in minutes"),
        pytest.param("until 7:00", 19 * 60, id="the next morning"),
        pytest.param("until 07.00", 19 * 60, id="with a dot"),
        pytest.param("until 7", 19 * 60, id="the hour alone"),
        pytest.param("until 7am", 19 * 60, id="am"),
        pytest.param("until 7 pm", 7 * 60, id="pm"),
        pytest.param("till 12:30", 30, id="today"),
        pytest.param("until 12:00", 24 * 60, id="now is tomorrow"),
        pytest.param("until 12am", 12 * 60, id="midnight"),
        pytest.param("until 0:00", 12 * 60, id="midnight in 24 hours"),
    ],
)
def test_the_quiet_ends_when_it_was_asked_to(text: str, minutes: int) -> None:
    assert mute_until(text, NOON, BERLIN) == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("0m", id="no time"),
        pytest.param("25h", id="more than a day"),
        pytest.param("24h 1m", id="a minute more than a day"),
        pytest.param("-5m", id="the past"),
        pytest.param("until 25:00", id="no such hour"),
        pytest.param("until 7:60", id="no such minute"),
        pytest.param("until 13pm", id="no such half"),
        pytest.param("until tomorrow", id="a word"),
        pytest.param("a while", id="vague"),
        pytest.param("30s", id="seconds"),
        pytest.param("9999999999m", id="a flood of digits"),
    ],
)
def test_what_is_not_understood_mutes_nothing(text: str) -> None:
    assert mute_until(text, NOON, BERLIN) is None


@pytest.mark.parametrize(
    ("now_utc", "hours"),
    [
        # The clocks go forward in the night to 29 March 2026, back in the one to 25 October.
        pytest.param(datetime(2026, 3, 28, 21, 0, tzinfo=UTC), 8, id="a short night"),
        pytest.param(datetime(2026, 10, 24, 20, 0, tzinfo=UTC), 10, id="a long night"),
    ],
)
def test_seven_is_seven_when_the_clocks_change(now_utc: datetime, hours: int) -> None:
    assert mute_until("until 7:00", now_utc, BERLIN) == now_utc + timedelta(hours=hours)


@given(
    st.text("0123456789hm:. untilforapm٣²", max_size=20),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_whatever_is_written_the_quiet_ends_within_a_day(text: str, now_utc: datetime) -> None:
    until_utc = mute_until(text, now_utc, BERLIN)
    a_long_day = timedelta(hours=25)  # when the clocks go back
    assert until_utc is None or timedelta() < until_utc - now_utc <= a_long_day
