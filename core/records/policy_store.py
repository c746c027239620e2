"""The one alert policy of all servers of a database."""

from __future__ import annotations

import logging

from core.alerts.policy import AlertPolicy, checked
from core.errors import MienError, RecordsError, RuleError
from core.records.database import Database
from core.records.kept_setting import KeptSetting

_KEY = "alert policy"
_UNREADABLE = "The alert settings could not be read; the earlier ones are in force, and kept."

_log = logging.getLogger(__name__)


class PolicyStore:
    """Read from the database each time, so that servers see each other's changes.

    Attributes:
        trouble: a sentence while what is kept can't be read; then the last known policy counts.
    """

    def __init__(self, database: Database) -> None:
        self._setting = KeptSetting(database, _KEY)
        self._known: tuple[str | None, AlertPolicy] = (None, AlertPolicy())
        self.trouble: str | None = None

    def load(self) -> AlertPolicy:
        """What is in force; the same object until it changes. Never raises."""
        try:
            text = self._setting.text()
            if text != self._known[0]:
                policy = AlertPolicy() if text is None else AlertPolicy.from_json(text)
                self._known = (text, policy)
        except (RecordsError, RuleError) as error:
            self._report(error)
        else:
            self.trouble = None
        return self._known[1]

    def save(self, policy: AlertPolicy) -> None:
        """For all servers; RuleError for one that makes no sense, RecordsError."""
        self._setting.put(checked(policy).to_json())

    def _report(self, error: MienError) -> None:
        if self.trouble is None:
            _log.warning("The alert policy cannot be read: %s", error.cause)
        self.trouble = _UNREADABLE
