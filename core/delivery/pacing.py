"""How fast a channel may be used: so much overall, so much to each address."""

from __future__ import annotations

from core.clock import Clock


class Pacing:
    """A token bucket for all, and a gap for each address; for one event loop.

    Telegram's limits are 30 messages a second overall and one a second to each chat
    (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). A bucket of 5
    that refills with 25 a second lets no more than 30 through in any second.
    """

    def __init__(
        self, clock: Clock, per_s: float = 25.0, burst: float = 5.0, each_s: float = 1.0
    ) -> None:
        self._clock = clock
        self._per_s, self._burst, self._each_s = per_s, burst, each_s
        self._tokens = burst
        self._filled_s = clock.monotonic_s()
        self._next_of_address_s: dict[str, float] = {}

    def take(self, address: str) -> float:
        """0.0: go, and it is counted. Otherwise seconds until asking again makes sense."""
        now_s = self._clock.monotonic_s()
        self._refill(now_s)
        if (own_wait_s := self._next_of_address_s.get(address, now_s) - now_s) > 0:
            return own_wait_s
        if self._tokens < 1:
            return (1 - self._tokens) / self._per_s + 0.001
        self._tokens -= 1
        self._next_of_address_s[address] = now_s + self._each_s
        return 0.0

    def _refill(self, now_s: float) -> None:
        passed_s, self._filled_s = now_s - self._filled_s, now_s
        self._tokens = min(self._burst, self._tokens + passed_s * self._per_s)
        gone = [address for address, at_s in self._next_of_address_s.items() if at_s <= now_s]
        for address in gone:
            del self._next_of_address_s[address]
