"""How long it will take yet: steady, and no more exact than it can be."""

from __future__ import annotations

import itertools

import pytest

from core.work.time_left import SAY_FROM_S, TimeLeft, in_words
from tests.support.clock import FakeClock


def answers(shares_per_s: list[float]) -> list[float | None]:
    """What is said second by second, while so much is done in each."""
    clock = FakeClock()
    left = TimeLeft(clock)
    said = []
    for share in itertools.accumulate(shares_per_s):
        clock.advance(1.0)
        left.update(share)
        said.append(left.left_s)
    return said


def test_at_a_constant_speed_it_counts_down() -> None:
    said = answers([0.01] * 99)
    assert said[: int(SAY_FROM_S) - 1] == [None] * (int(SAY_FROM_S) - 1)
    assert said[9:] == pytest.approx([100 - second for second in range(10, 100)])


def test_between_two_updates_it_counts_down_too() -> None:
    clock = FakeClock()
    left = TimeLeft(clock)
    clock.advance(10.0)
    left.update(0.1)
    clock.advance(30.0)
    assert left.left_s == pytest.approx(60.0)
    clock.advance(600.0)
    assert left.left_s == 0.0


def test_uneven_work_makes_no_jumps() -> None:
    said = [one for one in answers([0.0, 0.02] * 49) if one is not None]
    assert len(said) > 80
    assert max(abs(after - before) for before, after in itertools.pairwise(said[3:])) < 6
    assert said[60:] == pytest.approx([98 - 4 - second for second in range(60, len(said))], abs=8)


def test_what_slows_down_is_soon_known() -> None:
    said = answers([0.01] * 50 + [0.001] * 100)
    assert said[-1] == pytest.approx(400, rel=0.05)


def test_where_the_end_is_not_known_nothing_is_said() -> None:
    clock = FakeClock()
    left = TimeLeft(clock)
    clock.advance(10.0)
    left.update(0.5)
    left.update(None)
    assert left.left_s is None
    clock.advance(10.0)
    left.update(0.75)
    assert left.left_s is not None


def test_ten_hours_are_estimated_in_constant_memory() -> None:
    clock = FakeClock()
    left = TimeLeft(clock)
    for tick in range(1, 18_000):
        clock.advance(2.0)
        left.update(tick / 18_000)
    assert left.left_s == pytest.approx(2.0, abs=0.1)
    assert len(left._points) <= 401


@pytest.mark.parametrize(
    ("left_s", "words"),
    [
        pytest.param(None, "", id="not known"),
        pytest.param(0.0, "a few seconds left", id="nearly done"),
        pytest.param(9.9, "a few seconds left", id="seconds"),
        pytest.param(23.0, "about 25 s left", id="five by five"),
        pytest.param(58.0, "about 1 min left", id="a minute"),
        pytest.param(200.0, "about 3 min left", id="minutes"),
        pytest.param(3580.0, "about 1 h left", id="an hour"),
        pytest.param(5830.0, "about 1 h 35 min left", id="hours"),
    ],
)
def test_in_words(left_s: float | None, words: str) -> None:
    assert in_words(left_s) == words
