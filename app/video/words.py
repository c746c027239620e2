"""How times and sizes are said on the Video page."""

from __future__ import annotations


def clock_time(at_s: float) -> str:
    """“1:05”, “1:02:03”: as players show where they are."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def size(size_bytes: int) -> str:
    """“34 MB”, “0.3 MB”, as the uploader counts them."""
    megabytes = size_bytes / 1e6
    return f"{megabytes:.0f} MB" if megabytes >= 10 else f"{max(megabytes, 0.1):.1f} MB"
