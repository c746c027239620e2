"""How times and sizes are said on the Video page."""

from __future__ import annotations


def clock_time(at_s: float) -> str:
    """“1:05”, “1:02:03”: as players show where they are."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
