from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.timeline.adding import coarser, joined
from core.timeline.heat import SECONDS, TOO_LITTLE_S, VALENCE, heat
from core.timeline.tally import HOUR_S, MINUTE_S, Tally
from tests.support.tallies import SURE, looking

MON, THU, SUN = 0, 3, 6
VIENNA, KOLKATA, KATHMANDU = map(ZoneInfo, ("Europe/Vienna", "Asia/Kolkata", "Asia/Kathmandu"))


def hours(since_utc: datetime, count: int = 1) -> Tally:
    """Someone happy for as many whole hours, in pieces of an hour."""
    first_s = int(since_utc.timestamp())
    return coarser(looking("h" * HOUR_S * count, first_s=first_s), HOUR_S)


def seen(tally: Tally, zone: tzinfo) -> dict[tuple[int, int], int]:
    seconds = heat(tally, zone, SECONDS).values
    return {(int(day), int(hour)): int(seconds[day, hour]) for day, hour in np.argwhere(seconds)}


@pytest.mark.parametrize(
    ("since_utc", "zone", "expected"),
    [
        pytest.param(datetime(2026, 1, 1, 12, tzinfo=UTC), UTC, {(THU, 12): 3600}, id="utc"),
        pytest.param(
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            KOLKATA,
            {(THU, 17): 1800, (THU, 18): 1800},
            id="half-hour-zone",
        ),
        pytest.param(
            datetime(2026, 1, 1, 12, tzinfo=UTC),
            KATHMANDU,
            {(THU, 17): 900, (THU, 18): 2700},
            id="quarter-hour-zone",
        ),
        pytest.param(
            datetime(2026, 1, 4, 23, tzinfo=UTC), VIENNA, {(MON, 0): 3600}, id="another-day"
        ),
    ],
)
def test_seconds_stand_in_the_hour_of_the_zone(
    since_utc: datetime, zone: tzinfo, expected: dict[tuple[int, int], int]
) -> None:
    assert seen(hours(since_utc), zone) == expected


def test_when_the_clock_is_put_back_one_hour_holds_two() -> None:
    night = hours(datetime(2026, 10, 24, 23, tzinfo=UTC), 4)
    assert seen(night, VIENNA) == {(SUN, 1): 3600, (SUN, 2): 7200, (SUN, 3): 3600}


def test_when_the_clock_is_put_forward_one_hour_is_missing() -> None:
    night = hours(datetime(2026, 3, 29, 0, tzinfo=UTC), 2)
    assert seen(night, VIENNA) == {(SUN, 1): 3600, (SUN, 3): 3600}


def test_this_machines_zone_may_be_meant() -> None:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    local = at.astimezone()
    assert seen(hours(at), timezone(local.utcoffset() or timedelta())) == seen(hours(at), None)


@pytest.mark.parametrize(
    ("what", "expected"),
    [("happy", 2 / 3), ("sad", 1 / 3), ("not sure", 0), (VALENCE, (SURE - (1 - SURE) / 2) / 3)],
)
def test_values_are_of_the_seconds_seen(what: str, expected: float) -> None:
    tally = coarser(looking("hhs" * 20), MINUTE_S)
    assert heat(tally, UTC, what).values[THU, 0] == pytest.approx(expected)


def test_of_too_few_seconds_nothing_is_said() -> None:
    few = looking("h" * (TOO_LITTLE_S - 1))
    shown = heat(few, UTC, "happy")
    assert np.isnan(shown.values).all()
    assert shown.seconds[THU, 0] == TOO_LITTLE_S - 1
    enough = joined([few, looking("s", track=2)])
    assert heat(enough, UTC, "happy").values[THU, 0] == pytest.approx(59 / 60)


def test_an_expression_that_no_model_knows_has_no_share() -> None:
    assert np.isnan(heat(looking("h" * 100), UTC, "contempt").values).all()


def test_pieces_of_days_have_no_hour() -> None:
    with pytest.raises(ValueError, match="at most an hour"):
        heat(coarser(looking("h"), 86400), UTC, SECONDS)
