"""Waking and quiet hours: over midnight, in time zones, when clocks change."""

from __future__ import annotations

import time as machine_time
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from core.alerts.hours import DailyHours

VIENNA = "Europe/Vienna"  # UTC+1, in summer UTC+2: from 2026-03-29 01:00 to 2026-10-25 01:00 UTC
NIGHT = DailyHours(time(22), time(7), VIENNA)
DAY = DailyHours(time(7), time(22), VIENNA)
IN_THE_GAP = DailyHours(time(0), time(2, 30), VIENNA)
"""Ends at a time that is skipped in spring and comes twice in autumn."""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "covered"),
    [
        pytest.param(DAY, "2026-01-10 05:59", False, id="before the start"),
        pytest.param(DAY, "2026-01-10 06:00", True, id="the start is in"),
        pytest.param(DAY, "2026-01-10 20:59", True, id="before the end"),
        pytest.param(DAY, "2026-01-10 21:00", False, id="the end is out"),
        pytest.param(NIGHT, "2026-01-10 20:59", False, id="before the night"),
        pytest.param(NIGHT, "2026-01-10 21:00", True, id="the night begins"),
        pytest.param(NIGHT, "2026-01-10 23:30", True, id="after midnight"),
        pytest.param(NIGHT, "2026-01-11 06:00", False, id="the night ends"),
        pytest.param(DAY, "2026-07-10 05:00", True, id="an hour earlier in summer"),
        pytest.param(DAY, "2026-07-10 04:59", False, id="and not before"),
        pytest.param(NIGHT, "2026-03-29 04:59", True, id="the short night"),
        pytest.param(NIGHT, "2026-03-29 05:00", False, id="ends by the new time"),
        pytest.param(NIGHT, "2026-10-25 05:59", True, id="the long night"),
        pytest.param(NIGHT, "2026-10-25 06:00", False, id="ends by the old time"),
        pytest.param(IN_THE_GAP, "2026-03-29 01:29", True, id="a skipped end comes as much later"),
        pytest.param(IN_THE_GAP, "2026-03-29 01:30", False, id="03:30 of the new time"),
        pytest.param(IN_THE_GAP, "2026-10-25 00:29", True, id="before the first 02:30"),
        pytest.param(IN_THE_GAP, "2026-10-25 00:30", False, id="the first 02:30 counts"),
        pytest.param(IN_THE_GAP, "2026-10-25 01:15", False, id="02:15 for the second time"),
        pytest.param(
            DailyHours(time(9), time(17), "Asia/Kathmandu"), "2026-01-10 03:15", True, id="UTC+5:45"
        ),
        pytest.param(
            DailyHours(time(9), time(17), "Pacific/Kiritimati"),
            "2026-01-09 19:00",
            True,
            id="already tomorrow there",
        ),
        pytest.param(
            DailyHours(time(22), time(7), "America/Los_Angeles"),
            "2026-01-10 14:59",
            True,
            id="yesterday's night there",
        ),
        pytest.param(DailyHours(time(8), time(8), "UTC"), "2026-01-10 07:59", True, id="all day"),
    ],
)
def test_covers(hours: DailyHours, at: str, covered: bool) -> None:
    assert hours.covers(utc(at)) is covered


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        pytest.param(NIGHT, "2026-01-10 23:00", "2026-01-11 06:00", id="of the night that lasts"),
        pytest.param(NIGHT, "2026-01-10 12:00", "2026-01-11 06:00", id="of the night that comes"),
        pytest.param(NIGHT, "2026-01-11 06:00", "2026-01-12 06:00", id="the end itself is over"),
        pytest.param(NIGHT, "2026-03-28 23:00", "2026-03-29 05:00", id="of the short night"),
        pytest.param(NIGHT, "2026-10-24 23:00", "2026-10-25 06:00", id="of the long night"),
        pytest.param(DAY, "2026-01-10 21:30", "2026-01-11 21:00", id="tomorrow's"),
    ],
)
def test_next_end(hours: DailyHours, at: str, end: str) -> None:
    assert hours.next_end_utc(utc(at)) == utc(end)


@pytest.mark.parametrize("hours", [DAY, NIGHT, IN_THE_GAP], ids=["day", "night", "in the gap"])
@pytest.mark.parametrize(
    "first", ["2026-03-28 00:00", "2026-10-24 00:00"], ids=["spring", "autumn"]
)
def test_what_is_covered_is_covered_until_its_end(hours: DailyHours, first: str) -> None:
    minutes = [utc(first) + timedelta(minutes=passed) for passed in range(3 * 24 * 60)]
    for at_utc in filter(hours.covers, minutes):
        end_utc = hours.next_end_utc(at_utc)
        assert hours.covers(end_utc - timedelta(seconds=1))
        assert not hours.covers(end_utc)


@pytest.fixture
def machine_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    machine_time.tzset()
    yield
    monkeypatch.undo()
    machine_time.tzset()


@pytest.mark.usefixtures("machine_in_new_york")
@pytest.mark.parametrize(
    "at", ["2026-01-10 03:00", "2026-03-08 10:59", "2026-07-10 10:59", "2026-11-01 11:59"]
)
def test_local_is_the_zone_of_the_machine(at: str) -> None:
    local, named = (DailyHours(time(22), time(7), zone) for zone in ("local", "America/New_York"))
    assert local.covers(utc(at)) is named.covers(utc(at)) is True
    assert local.next_end_utc(utc(at)) == named.next_end_utc(utc(at))
