from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.timeline.time_axis import axis_of, clock_axis, elapsed_axis, picked_span
from core.timeline.span import Span

KOLKATA, VIENNA = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Vienna")
SINCE_UTC = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = Span(SINCE_UTC, SINCE_UTC + timedelta(hours=1))


def test_moments_stand_on_the_readers_clock() -> None:
    axis = clock_axis(HOUR, KOLKATA)
    assert axis.at(SINCE_UTC) == datetime(2026, 1, 1, 17, 30)
    assert axis.at_s(SINCE_UTC.timestamp()) == datetime(2026, 1, 1, 17, 30)
    assert axis.layout()["range"] == [datetime(2026, 1, 1, 17, 30), datetime(2026, 1, 1, 18, 30)]


def test_elapsed_time_begins_at_nought() -> None:
    axis = elapsed_axis(HOUR, SINCE_UTC)
    at = axis.at(SINCE_UTC + timedelta(minutes=12, seconds=3))
    assert (at.hour, at.minute, at.second) == (0, 12, 3)
    assert axis_of(HOUR, VIENNA, SINCE_UTC) == axis
    assert axis_of(HOUR, VIENNA, None) == clock_axis(HOUR, VIENNA)


@pytest.mark.parametrize(
    "axis",
    [clock_axis(HOUR, KOLKATA), clock_axis(HOUR, None), elapsed_axis(HOUR, SINCE_UTC)],
    ids=["half-hour-zone", "this-machine", "elapsed"],
)
def test_what_was_dragged_over_is_the_same_time_again(axis) -> None:  # type: ignore[no-untyped-def]
    part = Span(SINCE_UTC + timedelta(minutes=10), SINCE_UTC + timedelta(minutes=20))
    x = [f"{axis.at(at_utc):%Y-%m-%d %H:%M:%S.0312}" for at_utc in (part.until_utc, part.since_utc)]
    picked = picked_span(axis, [{"x": ["1999-01-01", "1999-01-02"]}, {"x": x}])
    assert picked is not None
    assert abs(picked.since_utc - part.since_utc) < timedelta(seconds=0.1)
    assert abs(picked.until_utc - part.until_utc) < timedelta(seconds=0.1)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([{"x": []}], None, id="nothing-in-it"),
        pytest.param([{"x": ["2026-01-01 11:00:00", "2026-01-01 11:30:00"]}], None, id="beside"),
        pytest.param([{"x": ["2026-01-01 11:00", "2026-01-01 14:00"]}], HOUR, id="beyond"),
    ],
)
def test_only_time_on_the_axis_is_picked(boxes: list[dict[str, list[str]]], expected: Span) -> None:
    assert picked_span(clock_axis(HOUR, UTC), boxes) == expected


def test_where_the_clocks_change_the_axis_stays_even() -> None:
    night = Span(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC))
    axis = clock_axis(night, VIENNA)
    assert axis.clocks_change
    assert axis.at(night.until_utc) == datetime(2026, 10, 25, 5)
    assert axis.at(night.until_utc) - axis.at(night.since_utc) == timedelta(hours=6)
    assert not clock_axis(HOUR, VIENNA).clocks_change
