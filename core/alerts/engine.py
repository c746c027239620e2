"""All rules of one camera."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from core.alerts.change import Change, Ending
from core.alerts.people import Machine, People
from core.alerts.policy import AlertPolicy
from core.alerts.rule import AlertRule, CountRule, PersonRule, Signal, WatchRule
from core.alerts.standing import Phase, Standing
from core.alerts.watch_machine import WatchMachine
from core.monitoring.second import Second

__all__ = ["AlertEngine", "Phase", "Standing"]

R = TypeVar("R", AlertRule, CountRule, WatchRule, PersonRule)


class AlertEngine:
    """Decides, from one camera's seconds, when an episode opens and when it is over.

    Pure: no clock, no I/O; the same calls give the same decisions. What people's faces and the
    picture show is judged by seconds alone; `tick` judges only whether pictures come at all.
    Belongs to one thread at a time.
    """

    def __init__(self, policy: AlertPolicy) -> None:
        self._policy = policy
        self._people = People(_enabled(policy.rules))
        self._watches = {rule.key: WatchMachine(rule) for rule in _enabled(policy.watches)}
        self._now: tuple[float, datetime] = (0.0, datetime.min.replace(tzinfo=UTC))

    def use(self, policy: AlertPolicy) -> tuple[Change, ...]:
        """Changed settings. Open episodes go on under them; those of rules that went end."""
        changes = list(self._people.use(_enabled(policy.rules), *self._now))
        before, self._watches, self._policy = self._watches, {}, policy
        for rule in _enabled(policy.watches):
            machine = before.pop(rule.key, None) or WatchMachine(rule)
            machine.rule = rule
            self._watches[rule.key] = machine
        for machine in before.values():
            changes += machine.end(Ending.STOPPED, *self._now)
        return tuple(changes)

    def take(self, second: Second) -> tuple[Change, ...]:
        """One second in which pictures came; in the order of time."""
        self._advance(second.at_s, second.at_utc)
        return (*self._people.take(second), *self._watch(second))

    def tick(
        self, at_s: float, at_utc: datetime, *, lost_for_s: float | None
    ) -> tuple[Change, ...]:
        """About once a second, also without pictures.

        Args:
            at_s: now, on the clock of the seconds.
            at_utc: the same moment.
            lost_for_s: for how long no picture has come; None while they come.
        """
        self._advance(at_s, at_utc)
        lost = self._watches.get(Signal.CAMERA_LOST.value)
        if lost is None:
            return ()
        if lost_for_s is None:
            return lost.end(Ending.CLEARED, at_s, at_utc)
        changes = lost.met_for(lost_for_s, at_s, at_utc)
        return (*self._hide(at_s, at_utc), *changes) if lost.episode.is_open else changes

    def stop(self, at_s: float, at_utc: datetime) -> tuple[Change, ...]:
        """The watch ends on purpose: what is open is over."""
        self._advance(at_s, at_utc)
        changes = list(self._people.end(at_s, at_utc))
        for machine in self._watches.values():
            changes += machine.end(Ending.STOPPED, at_s, at_utc)
        return tuple(changes)

    def delivered(self, person: int | None, rule_key: str, at_s: float) -> None:
        """An alert was confirmed by a receiver: the cooldown counts from here.

        Without this it counts from when the alert fired.
        """
        for machine in self._machines(rule_key, person):
            machine.episode.delivered(at_s)

    def snooze(self, rule_key: str, person: int | None, until_s: float) -> None:
        """Nothing of this rule opens before; None for everybody, and whoever comes.

        An episode that is open then stays so; one that outlasts the snooze is told again. A moment
        that has passed lifts a snooze. A person who is not known any more is not snoozed: rather
        one alert too many.
        """
        if person is None:
            self._people.snooze(rule_key, until_s)
        for machine in self._machines(rule_key, person):
            machine.episode.snooze(until_s)

    def standing(self) -> tuple[Standing, ...]:
        """Of every rule: for each person who is remembered, in the order in which they came."""
        now_s = self._now[0]
        of_people = [one for person in self._people.known() for one in person.standing(now_s)]
        return (*of_people, *(machine.standing(now_s) for machine in self._watches.values()))

    def _watch(self, second: Second) -> Iterable[Change]:
        lost = self._watches.get(Signal.CAMERA_LOST.value)
        if lost is not None and lost.episode.is_open:
            # Trap: the last second before the loss may come long after it.
            if second.at_s <= (lost.episode.opened_s or 0.0):
                return
            yield from lost.end(Ending.CLEARED, *self._now)
        for machine in self._watches.values():
            if machine is not lost:
                yield from machine.take(second, self._policy.waking)

    def _hide(self, at_s: float, at_utc: datetime) -> Iterable[Change]:
        """Without pictures nobody knows of the other conditions."""
        for key, machine in self._watches.items():
            if key != Signal.CAMERA_LOST.value:
                yield from machine.end(Ending.HIDDEN, at_s, at_utc)

    def _machines(self, rule_key: str, track_id: int | None) -> Iterable[Machine | WatchMachine]:
        if track_id is None:
            machines: Mapping[str, Machine | WatchMachine] = self._watches
        else:
            person = self._people.by_track(track_id)
            machines = {} if person is None else person.machines
        return [machines[rule_key]] if rule_key in machines else []

    def _advance(self, at_s: float, at_utc: datetime) -> None:
        # a second is given out after it ended: a tick may have come before
        if at_s > self._now[0]:
            self._now = at_s, at_utc


def _enabled(rules: Iterable[R]) -> tuple[R, ...]:
    return tuple(rule for rule in rules if rule.enabled)
