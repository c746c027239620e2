"""When a channel may be used."""

from __future__ import annotations

import asyncio

import pytest

from core.delivery.channel import (
    ChannelDeadError,
    MaybeSentError,
    Message,
    NeverSentError,
    RecipientGoneError,
    WaitAskedError,
)
from core.delivery.lane import DEAD_RETRY_S, SEND_LIMIT_S, ClosedError, Lane
from core.delivery.pacing import Pacing
from core.errors import DeliveryError
from tests.support.clock import FakeClock
from tests.support.delivering import FakeChannel

MESSAGE = Message("A sentence.")


class Road:
    """A lane over a fake channel, in simulated time."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.channel = FakeChannel()
        self.lane = Lane(self.channel, self.clock, self._sleep, Pacing(self.clock))

    def send(self, address: str = "Anna") -> None:
        asyncio.run(self._send(address))

    async def _send(self, address: str) -> None:
        await self.lane.turn(address)
        await self.lane.send(address, MESSAGE)

    async def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def fail(self, failure: DeliveryError) -> None:
        self.channel.failures = [failure]
        with pytest.raises(type(failure)):
            self.send()
        self.clock.advance(1)


@pytest.fixture
def road() -> Road:
    return Road()


@pytest.mark.parametrize(
    ("failure", "closed_s", "trouble"),
    [
        pytest.param(WaitAskedError(40), 40, True, id="asked to wait"),
        pytest.param(ChannelDeadError("Token."), DEAD_RETRY_S, True, id="dead"),
        pytest.param(NeverSentError("Network."), 0, True, id="network"),
        pytest.param(MaybeSentError("Silence."), 0, True, id="silence"),
        pytest.param(RecipientGoneError("Gone."), 0, False, id="one recipient"),
    ],
)
def test_what_a_failure_means_for_the_channel(
    road: Road, failure: DeliveryError, closed_s: float, trouble: bool
) -> None:
    road.fail(failure)
    assert (road.lane.trouble is not None) == trouble
    if closed_s:
        assert not road.lane.is_open
        with pytest.raises(ClosedError) as raised:
            road.send("Ben")
        assert raised.value.wait_s == pytest.approx(closed_s - 1)
    road.clock.advance(closed_s)
    road.send("Ben")
    assert road.lane.trouble is None
    assert len(road.channel.sent) == 1


def test_a_dead_channel_is_tried_by_one_at_a_time(road: Road) -> None:
    road.fail(ChannelDeadError("Token."))
    road.clock.advance(DEAD_RETRY_S)

    async def many() -> list[object]:
        await road.lane.turn("Anna")
        others = (road.lane.turn(f"Other {number}") for number in range(5))
        refused = await asyncio.gather(*others, return_exceptions=True)
        await road.lane.send("Anna", MESSAGE)
        return list(refused)

    assert all(isinstance(refused, ClosedError) for refused in asyncio.run(many()))
    assert road.lane.is_open


def test_whoever_tries_and_disappears_does_not_close_it_for_ever(road: Road) -> None:
    road.fail(ChannelDeadError("Token."))
    road.clock.advance(DEAD_RETRY_S)
    asyncio.run(road.lane.turn("Anna"))
    road.clock.advance(SEND_LIMIT_S)
    road.send("Ben")
    assert road.lane.is_open


def test_a_wait_outlasts_the_success_of_what_was_on_its_way(road: Road) -> None:
    async def two_at_a_time() -> None:
        await road.lane.turn("Anna")
        await road.lane.turn("Ben")
        road.channel.failures = [WaitAskedError(40)]
        with pytest.raises(WaitAskedError):
            await road.lane.send("Anna", MESSAGE)
        await road.lane.send("Ben", MESSAGE)

    asyncio.run(two_at_a_time())
    assert not road.lane.is_open


def test_old_trouble_with_nothing_left_to_try_is_none(road: Road) -> None:
    road.fail(NeverSentError("Network."))
    assert road.lane.trouble == "Network."
    road.clock.advance(60)
    assert road.lane.trouble is None


def test_turns_keep_the_pace(road: Road) -> None:
    road.send()
    road.send()
    assert road.clock.monotonic_s() == pytest.approx(1.0)


def test_of_those_that_wait_the_urgent_go_first_and_then_who_came_first(road: Road) -> None:
    gone = []

    async def sleep(seconds: float) -> None:
        road.clock.advance(seconds)
        await asyncio.sleep(0)

    lane = Lane(road.channel, road.clock, sleep, Pacing(road.clock))

    async def send(name: str, *, is_urgent: bool = False) -> None:
        await lane.turn("Anna", is_urgent=is_urgent)
        gone.append(name)

    async def all_at_once() -> None:
        await send("0")
        await asyncio.gather(
            send("1"), send("2"), send("urgent 1", is_urgent=True), send("3"), send("4"),
            send("urgent 2", is_urgent=True),
        )  # fmt: skip

    asyncio.run(all_at_once())
    assert gone == ["0", "urgent 1", "urgent 2", "1", "2", "3", "4"]
