"""Full jitter."""

from __future__ import annotations

import random

import pytest

from core.delivery.backoff import BASE_S, CAP_S, backoff_s


@pytest.mark.parametrize(
    ("attempts", "most_s"),
    [(1, 2 * BASE_S), (2, 4 * BASE_S), (4, 16 * BASE_S), (5, CAP_S), (10_000, CAP_S)],
)
def test_waits_lie_anywhere_between_nothing_and_a_doubling_bound(
    attempts: int, most_s: float
) -> None:
    uniform = random.Random(1)
    waits = [backoff_s(attempts, uniform) for _ in range(2000)]
    assert min(waits) < 0.05 * most_s
    assert 0.95 * most_s < max(waits) <= most_s
    assert sum(waits) / len(waits) == pytest.approx(most_s / 2, rel=0.05)
