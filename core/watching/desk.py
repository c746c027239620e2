"""Where alerts wait until they are in the database, and how they get out if it stays away."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from core.alerts.alert import Alert, NewAlert
from core.alerts.change import Ending
from core.alerts.policy import AlertPolicy
from core.clock import Clock
from core.errors import MienError, RecordsError
from core.faults import FaultLog
from core.records.recipient import Recipient
from core.watching.cases import Case, keep_bounds
from core.watching.spool import Spool

LOGGER = logging.getLogger(__name__)

EMERGENCY_AFTER_S = 3.0
"""An alert that is not recorded by then goes out all the same."""
EMERGENCY_EVERY_S = 5.0
FIRST_RETRY_S, LONGEST_RETRY_S = 0.2, 2.0

_SENT = "Alerts cannot be recorded now; they are sent all the same, and recorded later."
STUMBLED = "Mien stumbled over an alert; it is tried again. Please restart Mien if this stays."
_KEPT = "Alerts can be neither recorded nor sent now; they wait."


class AlertRecords(Protocol):
    """The store of alerts."""

    def open(self, new: NewAlert, deadline_s: float, turn_after_s: float) -> Alert:
        """Record it, with a row for each recipient; the same one again changes nothing."""

    def close(self, alert_id: str, at_utc: datetime, ending: Ending) -> Alert | None:
        """Record its end."""


class Emergency(Protocol):
    """Delivery, as far as an alert needs it from here."""

    def wake(self) -> None:
        """There is something new in the outbox."""

    def send_unrecorded(self, new: NewAlert, recipients: Sequence[Recipient]) -> object:
        """Past the database. Waits for the answer; nobody is told twice."""


class AlertDesk:
    """Takes alerts at once, records them as soon as it can, and loses none.

    Two threads: one records; the other sends, past the database, what could not be recorded for
    three seconds. Such an alert is recorded later, and delivery knows what it sent already.

    Args:
        records: gives the store; RecordsError while there is no database.
        emergency: gives delivery; None while there is none.
        policy: what counts now.
        clock: for the waits.
        spool: keeps what could not be recorded until the next start; None keeps nothing.
    """

    def __init__(
        self,
        records: Callable[[], AlertRecords],
        emergency: Callable[[], Emergency | None],
        policy: Callable[[], AlertPolicy],
        clock: Clock,
        spool: Spool | None = None,
    ) -> None:
        self.recipients: tuple[Recipient, ...] = ()
        self.trouble: str | None = None
        self._records = records
        self._emergency = emergency
        self._policy = policy
        self._clock = clock
        self._spool = spool
        self._cases: OrderedDict[str, Case] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = False
        self._faults = FaultLog(LOGGER)
        self._threads = [
            threading.Thread(target=self._record, name="alert-desk", daemon=True),
            threading.Thread(target=self._send, name="alert-emergency", daemon=True),
        ]

    def start(self) -> None:
        """Record from now on; what the server before could not record is recorded, too."""
        for left in self._spool.read() if self._spool is not None else ():
            if left.new is not None:
                self.fired(left.new)
            if left.over is not None:
                self.over(left.alert_id, *left.over)
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 6.0) -> None:
        """Record what is left; what cannot be is sent at least, as far as the time goes."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._cases, timeout_s / 3):
                for case in self._cases.values():
                    case.next_emergency_s = 0.0
                self._changed.notify_all()
                self._changed.wait_for(self._all_told, timeout_s * 2 / 3)
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout_s / 3)
        with self._changed:
            left = [case.left(alert_id) for alert_id, case in self._cases.items()]
        if left:
            LOGGER.error("%d alerts could not be recorded before the server ended", len(left))
            if self._spool is not None:
                self._spool.write(left)

    @property
    def waiting(self) -> int:
        """Alerts that are not recorded yet, or not to their end."""
        with self._changed:
            return len(self._cases)

    def fired(self, new: NewAlert) -> None:
        """Record it and have it delivered; returns at once."""
        with self._changed:
            self._case(new.id).new = new
            keep_bounds(self._cases)
            self._changed.notify_all()

    def over(self, alert_id: str, at_utc: datetime, ending: Ending) -> None:
        """Record that an episode is over; returns at once."""
        with self._changed:
            self._case(alert_id).over = at_utc, ending
            self._changed.notify_all()

    def forget(self, goes: Callable[[NewAlert], bool], timeout_s: float = 3.0) -> int:
        """Those that are over and for which it holds are not recorded any more; how many.

        One that is being recorded is waited for: it is in the database then. One that nobody has
        been told of yet stays.
        """

        def found() -> list[Case]:
            cases = self._cases.values()
            return [case for case in cases if case.new and case.over and goes(case.new)]

        with self._changed:
            self._changed.wait_for(lambda: not any(case.is_busy for case in found()), timeout_s)
            gone = {case.new.id for case in found() if case.new and case.is_told}
            for alert_id in gone:
                del self._cases[alert_id]
            if self._spool is not None:
                self._keep_only_these(self._spool)
            self._trouble_ends()
            self._changed.notify_all()
            return len(gone)

    def _trouble_ends(self) -> None:
        if not any(left.retry_s for left in self._cases.values()):
            self.trouble = None

    def _keep_only_these(self, spool: Spool) -> None:
        """Where the server before left a file, it may hold what has been recorded since."""
        left = [case.left(alert_id) for alert_id, case in self._cases.items()]
        if left:
            spool.write(left)
        else:
            spool.clear()

    def _all_told(self) -> bool:
        return all(case.is_told for case in self._cases.values())

    def _case(self, alert_id: str) -> Case:
        now_s = self._clock.monotonic_s()
        return self._cases.setdefault(alert_id, Case(next_emergency_s=now_s + EMERGENCY_AFTER_S))

    def _record(self) -> None:
        """One thread: record each case that is due."""
        while taken := self._next(lambda case: case.next_try_s):
            alert_id, case, new, over = taken
            try:
                write = partial(self._write, alert_id, new, over)
                written = self._faults.works("Recording an alert", write)
            except RecordsError as error:
                self._fail(error, case)
            else:
                if written:
                    self._settle(alert_id, case, new, over)
                else:
                    self._again(STUMBLED, case)

    def _send(self) -> None:
        """The other: send each case that waited too long."""
        while taken := self._next(lambda case: case.next_emergency_s if case.new else None):
            _, case, new, _ = taken
            delivery = self._emergency()
            try:
                if delivery is not None and new is not None:
                    if not case.was_sent:
                        LOGGER.warning("An alert is sent before it could be recorded")
                    case.was_sent = True
                    send = partial(delivery.send_unrecorded, new, self.recipients)
                    self._faults.works("Sending an unrecorded alert", send)
            except MienError as error:
                LOGGER.error("An unrecorded alert was not sent: %s", error.cause)
            with self._changed:
                case.next_emergency_s = self._clock.monotonic_s() + EMERGENCY_EVERY_S
                case.is_busy = False
                self._changed.notify_all()

    def _next(self, due_s: Callable[[Case], float | None]) -> _Taken | None:
        """Wait for an idle case that is due, and make it busy: it is recorded or sent, never both
        at once, or it would go out twice. None when the desk stops.
        """
        with self._changed:
            while not self._stopping:
                now_s = self._clock.monotonic_s()
                soonest_s = now_s + LONGEST_RETRY_S
                for alert_id, case in self._cases.items():
                    moment_s = due_s(case)
                    if case.is_busy or moment_s is None:
                        continue
                    if moment_s <= now_s:
                        case.is_busy = True
                        return alert_id, case, case.new, case.over
                    soonest_s = min(soonest_s, moment_s)
                self._changed.wait(soonest_s - now_s)
            return None

    def _write(self, alert_id: str, new: NewAlert | None, over: _Over | None) -> None:
        alerts = self._records()
        if new is not None:
            policy = self._policy()
            turn_after_s = (policy.reminders + 1) * policy.reminder_every_s
            if alerts.open(new, policy.deadline_s, turn_after_s).id != new.id:
                # of the same person and rule, renewed: the one before is closed first
                raise RecordsError("The episode before is not closed yet.", "an open twin")
        if over is not None:
            alerts.close(alert_id, *over)
        delivery = self._emergency()
        if delivery is not None:
            delivery.wake()

    def _fail(self, error: RecordsError, case: Case) -> None:
        if self.trouble is None:
            LOGGER.error("Alerts cannot be recorded: %s", error.cause)
        told = _SENT if self._emergency() is not None else _KEPT
        self._again(f"{told} {error.sentence}", case)

    def _again(self, trouble: str, case: Case) -> None:
        self.trouble = trouble
        with self._changed:
            case.retry_s = min(LONGEST_RETRY_S, max(FIRST_RETRY_S, case.retry_s * 2))
            case.next_try_s = self._clock.monotonic_s() + case.retry_s
            case.is_busy = False
            self._changed.notify_all()

    def _settle(self, alert_id: str, case: Case, new: NewAlert | None, over: _Over | None) -> None:
        with self._changed:
            case.is_busy, case.retry_s = False, 0.0
            case.new = None if new is not None else case.new
            case.over = None if case.over == over else case.over
            if case.new is None and case.over is None:
                self._cases.pop(alert_id, None)
            self._trouble_ends()
            if not self._cases and self._spool is not None:
                self._spool.clear()
            self._changed.notify_all()


_Over = tuple[datetime, Ending]
_Taken = tuple[str, Case, NewAlert | None, _Over | None]
