"""Telegram's limits, kept in simulated time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.delivery.pacing import Pacing
from tests.support.clock import FakeClock


def go(pacing: Pacing, clock: FakeClock, address: str) -> float:
    """Waits as asked; when it went."""
    while (wait_s := pacing.take(address)) > 0:
        clock.advance(wait_s)
    return clock.monotonic_s()


@given(st.lists(st.integers(0, 80), min_size=1, max_size=200))
def test_never_more_than_thirty_a_second_nor_one_a_second_to_each(addresses: list[int]) -> None:
    clock = FakeClock()
    pacing = Pacing(clock)
    went = [(go(pacing, clock, str(address)), address) for address in addresses]
    for at_s, address in went:
        within = [other for other in went if at_s <= other[0] < at_s + 0.999]
        assert len(within) <= 30
        assert [to for _, to in within].count(address) == 1


def test_the_first_goes_at_once_and_many_do_not_take_long() -> None:
    clock = FakeClock()
    pacing = Pacing(clock)
    assert go(pacing, clock, "0") == 0.0
    for address in range(1, 100):
        go(pacing, clock, str(address))
    assert clock.monotonic_s() < 5


def test_whoever_waits_for_their_own_chat_holds_nobody_back() -> None:
    clock = FakeClock()
    pacing = Pacing(clock)
    pacing.take("Anna")
    assert pacing.take("Anna") == 1.0
    assert pacing.take("Ben") == 0.0
