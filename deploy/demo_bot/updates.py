"""What waits for the bot: updates, fetched by long polling and confirmed by the next offset."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection
from typing import Any

from deploy.demo_bot import api_error

FIRST_UPDATE_ID = 700_000_001


class UpdateQueue:
    """The updates that no client has confirmed yet. Used by one event loop."""

    def __init__(self) -> None:
        self._updates: deque[dict[str, Any]] = deque()
        self._next_id = FIRST_UPDATE_ID
        self._polling: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._updates)

    @property
    def is_polled(self) -> bool:
        """Whether a client waits for the next update right now."""
        return self._polling is not None

    def allow(self, kinds: Collection[str]) -> None:
        """Which kinds are kept from now on; none given: all."""
        self._allowed = frozenset(kinds)

    def put(self, kind: str, content: dict[str, Any]) -> None:
        """Something happened that the bot is to know."""
        if self._allowed and kind not in self._allowed:
            return
        self._updates.append({"update_id": self._next_id, kind: content})
        self._next_id += 1
        if self._polling is not None and not self._polling.done():
            self._polling.set_result(None)

    def drop(self) -> None:
        """Forget all."""
        self._updates.clear()

    async def get(self, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """Forgets all before `offset`; gives what is left, or what comes within the timeout.

        A negative offset counts from the end and forgets what lies before.

        Raises:
            ApiError: 409 in the call that waited, when a second one comes.
        """
        self._forget_before(offset)
        self._end_other_poll()
        if not self._updates and timeout_s > 0:
            await self._wait(timeout_s)
        return list(self._updates)[:limit]

    async def _wait(self, timeout_s: float) -> None:
        mine = self._polling = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(mine, timeout_s)
        except TimeoutError:
            return
        finally:
            if self._polling is mine:
                self._polling = None

    def _end_other_poll(self) -> None:
        if self._polling is not None and not self._polling.done():
            self._polling.set_exception(api_error.conflict())
        self._polling = None

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            offset = self._next_id + offset
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
