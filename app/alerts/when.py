"""Moments and durations in words, in the time zone of whoever reads them."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def reader_zone() -> tzinfo | None:
    """The browser's zone; None, which `astimezone` takes for the server's own, where it tells none.

    Also for a name that this machine's zone table does not know.
    """
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def clock(at_utc: datetime, zone: tzinfo | None, *, seconds: bool = False) -> str:
    """“14:02”, or “14:02:11”."""
    return f"{at_utc.astimezone(zone):{'%H:%M:%S' if seconds else '%H:%M'}}"


def day_and_clock(at_utc: datetime, now_utc: datetime, zone: tzinfo | None) -> str:
    """“today, 14:02”, “yesterday, 14:02”, “Mon 16 Nov, 14:02”, “16 Nov 2025, 14:02”."""
    at, today = at_utc.astimezone(zone), now_utc.astimezone(zone).date()
    days = (today - at.date()).days
    # not strftime's names: they follow the server's language
    month = _MONTHS[at.month - 1]
    if days == 0:
        day = "today"
    elif days == 1:
        day = "yesterday"
    elif at.year == today.year:
        day = f"{_DAYS[at.weekday()]} {at.day} {month}"
    else:
        day = f"{at.day} {month} {at.year}"
    return f"{day}, {at:%H:%M}"


def lasting(seconds: float) -> str:
    """“45 s”, “2 min”, “2 min 10 s”, “3 h 12 min”, “2 days”: two units at most."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return _two(whole // 60, "min", whole % 60, "s")
    if whole < 48 * 3600:
        return _two(whole // 3600, "h", whole % 3600 // 60, "min")
    return f"{whole // 86400} days"


def _two(many: int, unit: str, rest: int, small: str) -> str:
    return f"{many} {unit} {rest} {small}" if rest else f"{many} {unit}"
