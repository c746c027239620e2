"""A channel as the dispatcher uses it: may it be used now, and what troubles it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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

# Longer than a channel's own time limits, shorter than a lease.
SEND_LIMIT_S = 30.0

Sleep = Callable[[float], Awaitable[None]]


class ClosedError(DeliveryError):
    """Not tried: the channel waits for `wait_s` more."""

    def __init__(self, sentence: str, wait_s: float) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class Lane:
    """One channel with its limits; for one event loop.

    Attributes:
        trouble: a sentence while it does not work; None when it last did.
    """

    def __init__(
        self, channel: Channel, clock: Clock, sleep: Sleep, pacing: Pacing | None = None
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._sleep = sleep
        self._pacing = pacing
        self._opens_s = 0.0
        self._closed_why = ""
        self._is_dead = False
        self.trouble: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it makes sense to try."""
        return self._clock.monotonic_s() >= self._opens_s

    async def turn(self, address: str) -> None:
        """Waits for this address's turn; one message may then go. Raises ClosedError."""
        self._refuse_if_closed()
        while self._pacing is not None and (wait_s := self._pacing.take(address)) > 0:
            await self._sleep(wait_s)
            self._refuse_if_closed()
        if self._is_dead:
            # This one tries; the others wait for what comes of it.
            self._shut(self._closed_why, SEND_LIMIT_S)

    async def send(self, address: str, message: Message) -> Receipt:
        """After a turn. Raises the channel's DeliveryErrors."""
        return await self._watched(self._channel.send(address, message))

    async def edit(self, address: str, message_ref: str, message: Message) -> None:
        """After a turn. Raises the channel's DeliveryErrors."""
        await self._watched(self._channel.edit(address, message_ref, message))

    async def close(self) -> None:
        """Lets go of the channel's connections."""
        await self._channel.close()

    def _refuse_if_closed(self) -> None:
        wait_s = self._opens_s - self._clock.monotonic_s()
        if wait_s > 0:
            raise ClosedError(self._closed_why, wait_s)

    async def _watched(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(SEND_LIMIT_S):
                result = await call
        except TimeoutError:
            failure: DeliveryError = MaybeSentError("No answer in time; it may have arrived.")
        except DeliveryError as error:
            failure = error
        else:
            self._is_dead, self._opens_s, self.trouble = False, 0.0, None
            return result
        self._learn(failure)
        raise failure

    def _learn(self, failure: DeliveryError) -> None:
        match failure:
            case WaitAskedError(wait_s=wait_s):
                self._is_dead = False
                self._shut(failure.sentence, wait_s)
            case ChannelDeadError():
                self._is_dead, self.trouble = True, failure.sentence
                self._shut(failure.sentence, DEAD_RETRY_S)
            case NeverSentError() | MaybeSentError():
                self.trouble = failure.sentence
            case _:
                # The recipient or the message was wrong; the channel works.
                self._is_dead, self._opens_s, self.trouble = False, 0.0, None

    def _shut(self, why: str, wait_s: float) -> None:
        self._closed_why = why
        self._opens_s = max(self._opens_s, self._clock.monotonic_s() + wait_s)
