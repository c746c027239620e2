from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.alerts.when import clock, day_and_clock, lasting

VIENNA = ZoneInfo("Europe/Vienna")
NOW = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)


def test_the_readers_clock_counts_not_utc() -> None:
    assert clock(NOW, VIENNA) == "12:30"
    assert clock(NOW, VIENNA, seconds=True) == "12:30:00"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(datetime(2026, 11, 20, 8, 5), "today, 09:05", id="today"),
        pytest.param(datetime(2026, 11, 19, 22, 59), "yesterday, 23:59", id="yesterday"),
        pytest.param(datetime(2026, 11, 19, 23, 1), "today, 00:01", id="today, but not in UTC"),
        pytest.param(datetime(2026, 11, 16, 13, 0), "Mon 16 Nov, 14:00", id="this year"),
        pytest.param(datetime(2025, 7, 1, 10, 0), "1 Jul 2025, 12:00", id="years ago, in summer"),
    ],
)
def test_days_are_named_as_people_do(at: datetime, said: str) -> None:
    assert day_and_clock(at.replace(tzinfo=UTC), NOW, VIENNA) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "0 s"),
        (45.4, "45 s"),
        (59.6, "1 min"),
        (130, "2 min 10 s"),
        (3600, "1 h"),
        (11520, "3 h 12 min"),
        (3 * 86400, "3 days"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert lasting(seconds) == said
