"""Waiting for what another thread or process will do."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], within_s: float = 40, every_s: float = 0.05) -> None:
    """Returns as soon as it holds; fails the test where it never does."""
    give_up_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_s
        time.sleep(every_s)
