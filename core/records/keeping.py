"""How long readings are kept; how long pictures of alerts are is part of the alert policy."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from core.errors import RecordsError
from core.records.database import Database
from core.records.kept_setting import KeptSetting

FEWEST_DAYS, MOST_DAYS = 1, 3650

_UNREADABLE = "How long readings are kept cannot be read; until then nothing expires."


@dataclass(frozen=True)
class Keeping:
    """What is older goes.

    Attributes:
        readings_days: of each second and person.
        rollups_days: of their sums per minute and hour; at least as long as the readings, as charts
            of long times are drawn from these alone.
    """

    readings_days: int = 30
    rollups_days: int = 365

    @property
    def readings_for(self) -> timedelta:
        return timedelta(days=self.readings_days)

    @property
    def rollups_for(self) -> timedelta:
        return timedelta(days=self.rollups_days)


class KeepingStore:
    """The one choice of all servers of a database."""

    def __init__(self, database: Database) -> None:
        self._setting = KeptSetting(database, "keeping")

    def load(self) -> Keeping:
        """What is in force.

        Raises:
            RecordsError: also where what is kept makes no sense, so that nothing expires by
                mistake.
        """
        text = self._setting.text()
        if text is None:
            return Keeping()
        try:
            return checked(Keeping(**json.loads(text)))
        except (ValueError, TypeError, RecordsError) as error:
            raise RecordsError(_UNREADABLE, f"{type(error).__name__}: {error}") from None

    def save(self, keeping: Keeping) -> None:
        """For all servers; RecordsError, also for a choice that makes no sense."""
        self._setting.put(json.dumps(asdict(checked(keeping))))


def checked(keeping: Keeping) -> Keeping:
    """The same, or RecordsError with what is wrong about it."""
    for days in (keeping.readings_days, keeping.rollups_days):
        if not isinstance(days, int) or not FEWEST_DAYS <= days <= MOST_DAYS:
            raise RecordsError(f"Readings are kept {FEWEST_DAYS} to {MOST_DAYS} days.")
    if keeping.rollups_days < keeping.readings_days:
        raise RecordsError("Sums per minute are kept at least as long as single readings.")
    return keeping
