"""How long somebody wants quiet: “30m”, “2h”, “1h 30m”, “until 7:00”."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

LONGEST = timedelta(hours=24)

_FOR = re.compile(
    r"(?:(?P<h>\d{1,2})\s*(?:h|hrs?|hours?))?\s*(?:(?P<m>\d{1,4})\s*(?:m|mins?|minutes?)?)?"
)
_UNTIL = re.compile(
    r"(?:until|till|to)\s+(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s*(?P<half>am|pm)?(?:\s*o.clock)?"
)


def mute_until(text: str, now_utc: datetime, zone: tzinfo | None) -> datetime | None:
    """When the quiet ends, aware UTC; None for what cannot be understood, or more than a day.

    Args:
        text: what stands behind /mute. A number alone is minutes.
        now_utc: when it was written.
        zone: of the person's clock; None for the machine's.
    """
    words = text.strip().lower().removeprefix("for ").strip()
    if found := _UNTIL.fullmatch(words):
        return _next(found, now_utc, zone)
    found = _FOR.fullmatch(words)
    if not words or found is None:
        return None
    length = timedelta(hours=int(found["h"] or 0), minutes=int(found["m"] or 0))
    return now_utc + length if timedelta() < length <= LONGEST else None


def _next(found: re.Match[str], now_utc: datetime, zone: tzinfo | None) -> datetime | None:
    """The next time that a clock shows it. Without a half of the day, 0 to 23."""
    hour, minute = int(found["h"]), int(found["m"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    if hour > 23 or minute > 59:
        return None
    local = now_utc.astimezone(zone)
    for day in range(2):
        # Trap: 24 hours later is not the same time of day when the clocks change in between.
        shown = (local.replace(tzinfo=None) + timedelta(days=day)).replace(
            hour=hour, minute=minute, second=0, microsecond=0
        )
        at_utc = (shown.replace(tzinfo=zone) if zone else shown.astimezone()).astimezone(
            now_utc.tzinfo
        )
        if at_utc > now_utc:
            return at_utc
    return None
