"""“With these settings the last 24 hours would have given N alerts”, counted in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.alerts.change import ChangeKind
from core.alerts.policy import AlertPolicy
from core.alerts.replay import replay
from core.clock import Clock
from core.errors import MienError
from core.faults import FaultLog
from core.monitoring.second import Second
from core.records.second_store import SecondStore

SPAN = timedelta(hours=24)
_BUCKET_S = 300
_BREATHE_EVERY = 200
_BREATH_S = 0.002

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Forecast:
    """Attributes:
    alerts: that would have fired.
    recorded_s: how much of the 24 hours is recorded, all cameras together.
    failed: the recordings could not be read; the figures are 0.
    by_title: how many each rule would have given, those that gave any.
    """

    alerts: int
    recorded_s: int
    failed: bool = False
    by_title: tuple[tuple[str, int], ...] = ()


class Forecaster:
    """Answers at once with what it knows, and works in one thread of its own.

    While sliders move, only the newest question is worked on. An answer counts for five minutes.
    """

    def __init__(self, seconds: SecondStore, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[_Question, Forecast] | None = None
        self._asked: _Question | None = None
        self._working = False
        self._faults = FaultLog(_log)

    def ask(self, policy: AlertPolicy) -> Forecast | None:
        """The answer; None while it is being worked out."""
        now_utc = self._clock.now_utc()
        question = _Question(policy, int(now_utc.timestamp()) // _BUCKET_S)
        with self._lock:
            if self._known is not None and self._known[0] == question:
                return self._known[1]
            self._asked = question
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, name="forecast", daemon=True).start()
        return None

    def _work(self) -> None:
        while True:
            with self._lock:
                question = self._asked
                if question is None or (self._known is not None and self._known[0] == question):
                    self._working = False
                    return
            forecast = self._answer(question)
            with self._lock:
                if forecast is not None:
                    self._known = (question, forecast)

    def _answer(self, question: _Question) -> Forecast | None:
        """None where another question came meanwhile."""
        until_utc = self._clock.now_utc()
        found: list[Forecast | None] = []
        try:
            self._faults.works(
                "The forecast", lambda: found.append(self._count(question, until_utc))
            )
        except MienError as error:
            _log.warning("Forecast failed: %s", error.cause)
        return found[0] if found else Forecast(0, 0, failed=True)

    def _count(self, question: _Question, until_utc: datetime) -> Forecast | None:
        alerts: Counter[str] = Counter()
        recorded_s = 0
        for _, seconds in self._seconds.between(until_utc - SPAN, until_utc):
            counted = _Counted(seconds, lambda: self._asked != question)
            try:
                changes = replay(counted, question.policy)
            except _OvertakenError:
                return None
            alerts.update(
                change.rule.title for change in changes if change.kind is ChangeKind.FIRED
            )
            recorded_s += counted.count
        return Forecast(alerts.total(), recorded_s, by_title=tuple(alerts.most_common()))


@dataclass(frozen=True)
class _Question:
    policy: AlertPolicy
    bucket: int


class _OvertakenError(Exception):
    """Another question came: this one need not be answered any more."""


class _Counted:
    """Counts what passes, and lets the threads of the cameras breathe meanwhile."""

    def __init__(self, seconds: Iterable[Second], overtaken: Callable[[], bool]) -> None:
        self._seconds = seconds
        self._overtaken = overtaken
        self.count = 0

    def __iter__(self) -> Iterator[Second]:
        for second in self._seconds:
            self.count += 1
            if self.count % _BREATHE_EVERY == 0:
                if self._overtaken():
                    raise _OvertakenError
                time.sleep(_BREATH_S)
            yield second
