"""A channel as the dispatcher uses it: may it be used now, and what troubles it."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

from core.clock import Clock
from core.delivery.channel import (
    Channel,
    ChannelDeadError,
    MaybeSentError,
    Message,
    NeverSentError,
    Receipt,
    WaitAskedError,
)
from core.delivery.pacing import Pacing
from core.errors import DeliveryError

T = TypeVar("T")

# A dead channel is tried again by one message at a time.
DEAD_RETRY_S = 120.0

_REMEMBER_S = 60.0
_LOOK_IN_LINE_S = 0.1
_ASKED_TO_WAIT = "The channel asks to wait; alerts go out after that."

# Longer than a channel's own time limits, shorter than a lease.
SEND_LIMIT_S = 30.0

Sleep = Callable[[float], Awaitable[None]]


class ClosedError(DeliveryError):
    """Not tried: the channel waits for `wait_s` more."""

    def __init__(self, sentence: str, wait_s: float) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Lane:
    """One channel with its limits; for one event loop."""

    def __init__(
        self, channel: Channel, clock: Clock, sleep: Sleep, pacing: Pacing | None = None
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._sleep = sleep
        self._pacing = pacing
        self._lines: dict[str, list[tuple[bool, int]]] = {}
        self._numbers = count()
        self._asked_to_wait_until_s = 0.0
        self._dead_why: str | None = None
        self._next_probe_s = 0.0
        self._failed_why: str | None = None
        self._failed_s = 0.0

    @property
    def trouble(self) -> str | None:
        """A sentence while it does not work. None when it last did, or nothing is left to try.

        What can be tried again is, at least every half minute.
        """
        now_s = self._clock.monotonic_s()
        if self._dead_why is not None:
            return self._dead_why
        if self._asked_to_wait_until_s > now_s:
            return _ASKED_TO_WAIT
        return self._failed_why if now_s - self._failed_s < _REMEMBER_S else None

    @property
    def is_open(self) -> bool:
        """Whether it makes sense to try."""
        return self._closed_for_s() <= 0

    async def turn(self, address: str, *, is_urgent: bool = False) -> None:
        """Waits for this address's turn; one message may then go. Raises ClosedError.

        Of those that wait for one address the urgent go first, then whoever came first.
        """
        self._refuse_if_closed()
        if self._pacing is not None:
            await self._stand_in_line(self._pacing, address, is_urgent=is_urgent)
        if self._dead_why is not None:
            # This one tries; the others wait for what comes of it.
            self._next_probe_s = self._clock.monotonic_s() + SEND_LIMIT_S

    async def send(self, address: str, message: Message) -> Receipt:
        """After a turn. Raises the channel's DeliveryErrors."""
        return await self._watched(self._channel.send(address, message))

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """After a turn. Raises the channel's DeliveryErrors."""
        await self._watched(self._channel.edit(address, message_ref, message))

    async def close(self) -> None:
        """Lets go of the channel's connections."""
        await self._channel.close()

    async def _stand_in_line(self, pacing: Pacing, address: str, *, is_urgent: bool) -> None:
        line = self._lines.setdefault(address, [])
        place = (not is_urgent, next(self._numbers))
        insort(line, place)
        try:
            # Trap: whoever wakes first is not whoever came first, and an urgent one may have come.
            while (wait_s := pacing.take(address) if line[0] == place else _LOOK_IN_LINE_S) > 0:
                await self._sleep(wait_s)
                self._refuse_if_closed()
        finally:
            line.remove(place)
            if not line:
                del self._lines[address]

    def _closed_for_s(self) -> float:
        probe_s = self._next_probe_s if self._dead_why is not None else 0.0
        return max(probe_s, self._asked_to_wait_until_s) - self._clock.monotonic_s()

    def _refuse_if_closed(self) -> None:
        wait_s = self._closed_for_s()
        if wait_s > 0:
            raise ClosedError(self._dead_why or _ASKED_TO_WAIT, wait_s)

    async def _watched(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                result = await call
        except TimeoutError:
            failure: DeliveryError = MaybeSentError("No answer in time; it may have arrived.")
        except DeliveryError as error:
            failure = error
        else:
            self._dead_why = self._failed_why = None
            return result
        self._learn(failure)
        raise failure

    def _learn(self, failure: DeliveryError) -> None:
        now_s = self._clock.monotonic_s()
        match failure:
            case NeverSentError() | MaybeSentError():
                self._failed_s, self._failed_why = now_s, failure.sentence
            case ChannelDeadError():
                self._dead_why, self._next_probe_s = failure.sentence, now_s + DEAD_RETRY_S
            case WaitAskedError(wait_s=wait_s):
                # Another message that was on its way may still arrive: the wait stays.
                self._dead_why = self._failed_why = None
                self._asked_to_wait_until_s = max(self._asked_to_wait_until_s, now_s + wait_s)
            case _:  # The recipient or the message was wrong: the channel works.
                self._dead_why = self._failed_why = None
