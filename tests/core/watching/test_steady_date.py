from __future__ import annotations

from datetime import timedelta

import pytest

from core.watching.steady_date import SteadyDate
from tests.support.clock import FakeClock

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


class Paper:
    """What is written down."""

    def __init__(self, text: str | None = None) -> None:
        self._text = text

    def text(self) -> str | None:
        return self._text

    def put(self, text: str) -> None:
        self._text = text


def asked_at(*since: timedelta, kept: str | None = None) -> list[bool]:
    """What is said at these times of the wall clock, each by a server that has just started."""
    paper, begin_utc = Paper(kept), FakeClock().now_utc()
    return [SteadyDate(paper, FakeClock(begin_utc + each)).is_steady() for each in since]


@pytest.mark.parametrize(
    ("since", "steady"),
    [
        pytest.param([0 * DAY], [True], id="for the first time"),
        pytest.param([0 * DAY, HOUR, 2 * HOUR], [True] * 3, id="hour by hour"),
        pytest.param([0 * DAY, 7 * DAY], [True, True], id="after a week's holiday"),
        pytest.param([0 * DAY, YEAR, YEAR + HOUR], [True, False, False], id="a leap"),
        pytest.param(
            [0 * DAY, YEAR, YEAR + HOUR, YEAR + DAY, YEAR + DAY + HOUR],
            [True, False, False, True, True],
            id="a leap that stays",
        ),
        pytest.param(
            [0 * DAY, YEAR, HOUR, YEAR, YEAR + HOUR],
            [True, False, True, False, False],
            id="a leap that was put right, and another one",
        ),
        pytest.param(
            [0 * DAY, 2 * YEAR, YEAR, YEAR + HOUR, YEAR + DAY],
            [True, False, False, False, True],
            id="a leap that was put right in part",
        ),
        pytest.param([0 * DAY, -YEAR, -YEAR + HOUR], [True] * 3, id="back, where nothing is old"),
        pytest.param(
            [0 * DAY, -YEAR, HOUR, DAY + HOUR], [True, True, False, True], id="back, and right"
        ),
        pytest.param([0 * DAY, 8 * DAY, 16 * DAY], [True, False, True], id="on Sundays only"),
    ],
)
def test_a_clock_is_trusted_as_long_as_it_goes_on(
    since: list[timedelta], steady: list[bool]
) -> None:
    assert asked_at(*since) == steady


@pytest.mark.parametrize("kept", ["?", "{}", "[1, 2]", '["yesterday", null]'])
def test_a_note_that_cannot_be_read_is_written_anew(kept: str) -> None:
    assert asked_at(0 * DAY, YEAR, kept=kept) == [True, False]
