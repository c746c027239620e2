from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.timeline.grain import MOST_PIECES, width_for
from core.timeline.span import Span

SINCE_UTC = datetime(2026, 1, 1, tzinfo=UTC)


def span(length: timedelta) -> Span:
    return Span(SINCE_UTC, SINCE_UTC + length)


@pytest.mark.parametrize(
    ("length", "width_s"),
    [
        pytest.param(timedelta(minutes=2), 1, id="two-minutes"),
        pytest.param(timedelta(minutes=15), 1, id="a-quarter"),
        pytest.param(timedelta(hours=1), 5, id="an-hour"),
        pytest.param(timedelta(hours=3), 60, id="from-minutes"),
        pytest.param(timedelta(days=1), 60, id="a-day"),
        pytest.param(timedelta(days=7), 600, id="a-week"),
        pytest.param(timedelta(days=10), 3600, id="from-hours"),
        pytest.param(timedelta(days=30), 3600, id="thirty-days"),
        pytest.param(timedelta(days=365), 21600, id="a-year"),
        pytest.param(timedelta(days=5000), 4 * 86400, id="many-years"),
    ],
)
def test_widths_are_round(length: timedelta, width_s: int) -> None:
    assert width_for(span(length)) == width_s


def test_a_smaller_chart_has_wider_pieces() -> None:
    assert width_for(span(timedelta(hours=1)), most=100) == 60


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=9000)))
def test_never_more_pieces_than_a_screen_shows(length: timedelta) -> None:
    assert length.total_seconds() / width_for(span(length)) <= MOST_PIECES


def test_a_chart_with_many_rows_may_ask_for_fewer() -> None:
    assert width_for(span(timedelta(days=1)), 750) == 120
