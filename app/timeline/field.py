"""What charts of coloured fields share."""

from __future__ import annotations

from typing import Any

from app.timeline.looks import see_through


def still() -> dict[str, Any]:
    """An axis of names that neither moves nor has lines."""
    return {"fixedrange": True, "showgrid": False, "ticks": "", "zeroline": False}


def paling(colour_hex: str) -> list[tuple[float, str]]:
    """From nearly nothing to the colour."""
    return [(0, see_through(colour_hex, 0.12)), (1, see_through(colour_hex, 1))]
