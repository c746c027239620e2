"""What is told now and then is told at once, and then at most so often."""

from __future__ import annotations

from core.work.pace import Pace
from tests.support.clock import FakeClock


def test_it_is_due_at_once_and_then_after_each_pause() -> None:
    clock = FakeClock()
    pace = Pace(0.25, clock)
    due = []
    for _ in range(9):
        due.append(pace.is_due())
        clock.advance(0.125)
    assert due == [True, False] * 4 + [True]


def test_time_without_asking_is_not_saved_up() -> None:
    clock = FakeClock()
    pace = Pace(1, clock)
    assert pace.is_due()
    clock.advance(10)
    assert [pace.is_due(), pace.is_due()] == [True, False]
