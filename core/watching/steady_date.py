"""Whether the wall clock may be trusted with what expires."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Protocol

from core.clock import Clock

LOGGER = logging.getLogger(__name__)

LEAP = timedelta(days=7)
"""So far after the last time that was trusted, a clock may be wrong: set by hand, or by a battery
that is empty. Or the server was off."""
STEADY_AFTER = timedelta(days=1)
"""A clock that is still there after this is right: a wrong one is put right by the network, or by
somebody, before. So a year that is wrong for an hour erases nothing."""


class KeptText(Protocol):
    """See KeptSetting."""

    def text(self) -> str | None:
        """None while there is none."""

    def put(self, text: str) -> None:
        """In place of the one before."""


class SteadyDate:
    """Remembers dates over restarts.

    A clock that goes back is trusted: things look younger then than they are, and stay.
    """

    def __init__(self, kept: KeptText, clock: Clock) -> None:
        self._kept = kept
        self._clock = clock

    def is_steady(self) -> bool:
        """To be asked about once an hour; RecordsError."""
        now_utc = self._clock.now_utc()
        trusted_utc, leapt_utc = self._read()
        if trusted_utc is not None and now_utc - trusted_utc > LEAP:
            if leapt_utc is None or now_utc < leapt_utc:
                LOGGER.warning("The clock is far ahead of the last hours: nothing expires today")
                self._write(trusted_utc, now_utc)
                return False
            if now_utc - leapt_utc < STEADY_AFTER:
                return False
        self._write(now_utc, None)
        return True

    def _read(self) -> tuple[datetime | None, datetime | None]:
        """When it was trusted last, and where it leapt to since."""
        try:
            trusted, leapt = json.loads(self._kept.text() or "[null, null]")
            return _date(trusted), _date(leapt)
        except (ValueError, TypeError):
            return None, None

    def _write(self, trusted_utc: datetime, leapt_utc: datetime | None) -> None:
        leapt = leapt_utc.isoformat() if leapt_utc is not None else None
        self._kept.put(json.dumps([trusted_utc.isoformat(), leapt]))


def _date(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept)
