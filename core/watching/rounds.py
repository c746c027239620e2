"""Work on the database that comes again and again, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from core.errors import RecordsError
from core.faults import FaultLog

LOGGER = logging.getLogger(__name__)


class Rounds:
    """Takes all steps, over and over, until it is told to stop. One that fails stops no other.

    Args:
        what: does it, for the log.
        steps: that pace themselves.
        stumbles: what to tell of a fault of ours.
        stopping: ends it.

    Attributes:
        trouble: a sentence while a step fails; None while all work.
    """

    def __init__(
        self,
        what: str,
        steps: Sequence[Callable[[], None]],
        stumbles: str,
        stopping: threading.Event,
    ) -> None:
        self.trouble: str | None = None
        self._what = what
        self._steps = steps
        self._stumbles = stumbles
        self._stopping = stopping
        self._faults = FaultLog(LOGGER)

    def run(self, every_s: float) -> None:
        """In the thread that calls it."""
        while not self._stopping.wait(every_s):
            troubles = [self._trouble_of(step) for step in self._steps]
            self.trouble = next(filter(None, troubles), None)

    def _trouble_of(self, step: Callable[[], None]) -> str | None:
        try:
            return None if self._faults.works(self._what, step) else self._stumbles
        except RecordsError as error:
            if self.trouble is None:
                LOGGER.error("%s fails: %s", self._what, error.cause)
            return error.sentence
