"""When to try again."""

from __future__ import annotations

import random

BASE_S = 1.0
CAP_S = 30.0


def backoff_s(attempts: int, uniform: random.Random) -> float:
    """Seconds to wait after so many failed attempts (1 or more).

    Full jitter: uniform between 0 and min(cap, base · 2^attempts), which spreads those who failed
    together (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015,
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
    """
    return uniform.uniform(0.0, min(CAP_S, BASE_S * 2 ** min(attempts, 16)))
