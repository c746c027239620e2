"""Probabilities in two bytes each: whole multiples of 1/65535, as `Second` has them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from core.monitoring.second import PROBABILITY_STEPS


def packed(probabilities: Sequence[float]) -> bytes:
    """Little-endian, 0 to 65535 for 0 to 1; the nearest one where it lies between two."""
    steps = (round(probability * PROBABILITY_STEPS) for probability in probabilities)
    return struct.pack(f"<{len(probabilities)}H", *steps)


def unpacked(kept: bytes) -> tuple[float, ...]:
    """What was packed: the very same numbers where they were whole multiples."""
    return tuple(step / PROBABILITY_STEPS for step in struct.unpack(f"<{len(kept) // 2}H", kept))
