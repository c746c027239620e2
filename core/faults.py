"""Faults of ours, where a thread has to go on all the same."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable

from core.errors import MienError


class FaultLog:
    """Logs each kind of fault once, with its trace: what stumbles every second fills no disk.

    A kind is what stumbled, the type of the exception and the line that raised it. Any thread may
    call it.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._known: set[tuple[str, str, str, int | None]] = set()
        self._lock = threading.Lock()

    def works(self, what: str, step: Callable[[], object]) -> bool:
        """Do a step; False, and logged, where a fault of ours ended it.

        Args:
            what: stumbles, to begin the log's line with.
            step: one round of a thread that must not end.

        Raises:
            MienError: the step did; that is no fault of ours.
        """
        try:
            step()
        except MienError:
            raise
        except Exception as fault:  # noqa: BLE001  # the one place: a thread's last line of defence
            self.report(what, fault)
            return False
        return True

    def report(self, what: str, fault: BaseException) -> None:
        """Log a fault where it is new."""
        frames = traceback.extract_tb(fault.__traceback__)
        raised = (frames[-1].filename, frames[-1].lineno) if frames else ("", None)
        kind = what, type(fault).__qualname__, *raised
        with self._lock:
            is_new = kind not in self._known
            self._known.add(kind)
        if is_new:
            self._logger.error("%s stumbled, and goes on", what, exc_info=fault)
