"""Who is who, over the track ids of one camera, and the rules' machines of each person.

The tracker gives a face that it lost for more than a moment a new id. Then its episode would
open a second time, and a snooze or a cooldown would be void. So a face that appears while
somebody known is missing is taken for that somebody: first for one with an open episode, then for
the one who was lost last. In a room with one camera and few people this is nearly always right;
where it is wrong, both show up in one picture sooner or later, and part again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.alerts.change import Change, Ending
from core.alerts.count_machine import CountMachine
from core.alerts.expression_machine import ExpressionMachine
from core.alerts.rule import AlertRule, PersonRule
from core.alerts.standing import Standing
from core.monitoring.second import PersonSecond, Second

FORGET_AFTER_S = 600.0
"""Who was not seen for so long is forgotten, with snoozes and cooldowns, and open episodes end as
"unseen". Not "cleared": nobody saw that it is over. Not never: whoever comes in an hour later
would be taken for the one who left. By then carers have had the alert and all usual reminders."""

MOST_IDS = 200
"""A restless face gets thousands of ids in a day; the tracker gives none a second time."""

Machine = ExpressionMachine | CountMachine


@dataclass(eq=False)
class Person:
    """One person, perhaps under several track ids one after the other.

    Attributes:
        track_id: under which the person was seen last.
        last_s: when.
        machines: by rule key.
    """

    track_id: int
    last_s: float
    machines: dict[str, Machine] = field(default_factory=dict)

    @property
    def has_open_episode(self) -> bool:
        return any(machine.episode.is_open for machine in self.machines.values())

    def is_told_as(self, track_id: int) -> bool:
        """Whether an open episode goes by this id."""
        episodes = [machine.episode for machine in self.machines.values()]
        return any(episode.is_open and episode.person == track_id for episode in episodes)

    def take(self, seen: PersonSecond, second: Second) -> Iterable[Change]:
        self.track_id, self.last_s = seen.track_id, second.at_s
        for machine in self.machines.values():
            yield from machine.take(seen, second)

    def miss(self, at_s: float) -> None:
        for machine in self.machines.values():
            machine.miss(at_s)

    def end(self, ending: Ending, at_s: float, at_utc: datetime) -> Iterable[Change]:
        for machine in self.machines.values():
            yield from machine.end(ending, at_s, at_utc)

    def standing(self, now_s: float) -> Iterable[Standing]:
        return (machine.standing(self.track_id, now_s) for machine in self.machines.values())


class People:
    """Everybody whom one camera saw in the last `FORGET_AFTER_S`.

    Args:
        rules: that everybody gets a machine of.
    """

    def __init__(self, rules: Sequence[PersonRule]) -> None:
        self._rules = tuple(rules)
        self._snoozed_until_s: dict[str, float] = {}
        self._by_track: dict[int, Person] = {}

    def known(self) -> tuple[Person, ...]:
        """In the order in which they were first seen."""
        return tuple(dict.fromkeys(self._by_track.values()))

    def by_track(self, track_id: int) -> Person | None:
        return self._by_track.get(track_id)

    def take(self, second: Second) -> Iterable[Change]:
        """Everybody's rules see the second."""
        yield from self._forget(second)
        seen = self._who_is_who(second)
        for person in self.known():
            if person in seen:
                yield from person.take(seen[person], second)
            else:
                person.miss(second.at_s)

    def use(self, rules: Sequence[PersonRule], at_s: float, at_utc: datetime) -> Iterable[Change]:
        """Changed rules: episodes of those that went, or look at something else now, end."""
        self._rules = tuple(rules)
        for person in self.known():
            before, person.machines = person.machines, {}
            for rule in rules:
                machine = before.get(rule.key)
                if machine is not None and machine.goes_on_with(rule):
                    person.machines[rule.key] = before.pop(rule.key)
                else:
                    person.machines[rule.key] = self._machine(rule)
            for machine in before.values():
                yield from machine.end(Ending.STOPPED, at_s, at_utc)

    def end(self, at_s: float, at_utc: datetime) -> Iterable[Change]:
        """The watch is over."""
        for person in self.known():
            yield from person.end(Ending.STOPPED, at_s, at_utc)
        self._by_track.clear()

    def snooze(self, rule_key: str, until_s: float) -> None:
        """For everybody, and whoever comes."""
        self._snoozed_until_s[rule_key] = until_s
        for person in self.known():
            if rule_key in person.machines:
                person.machines[rule_key].episode.snooze(until_s)

    def _forget(self, second: Second) -> Iterable[Change]:
        for person in self.known():
            if second.at_s - person.last_s >= FORGET_AFTER_S:
                yield from person.end(Ending.UNSEEN, second.at_s, second.at_utc)
                self._by_track = {
                    track_id: known
                    for track_id, known in self._by_track.items()
                    if known is not person
                }

    def _who_is_who(self, second: Second) -> dict[Person, PersonSecond]:
        """What was seen of whom."""
        # fewer faces at once than ids: one of them changed its id within this second
        apart = second.faces >= len(second.people)
        seen: dict[Person, PersonSecond] = {}
        for found in sorted(second.people, key=self._precedence):
            person = self._by_track.get(found.track_id) or self._returning(seen, apart)
            parts = apart and person in seen
            if person is None or (parts and not person.is_told_as(found.track_id)):
                person = self._newcomer(found.track_id, second.at_s)
            self._remember(found.track_id, person)
            if person not in seen or seen[person].readings < found.readings:
                seen[person] = found
        return seen

    def _remember(self, track_id: int, person: Person) -> None:
        self._by_track[track_id] = person
        if len(self._by_track) > MOST_IDS:
            olds = (
                old
                for old, known in self._by_track.items()
                if old not in {track_id, known.track_id} and not known.is_told_as(old)
            )
            self._by_track.pop(next(olds, -1), None)

    def _precedence(self, found: PersonSecond) -> tuple[int, int]:
        """Who keeps being somebody: by whose id an episode goes, who is known, who is new."""
        person = self._by_track.get(found.track_id)
        rank = 2 if person is None else 1 - int(person.is_told_as(found.track_id))
        return rank, found.track_id

    def _returning(self, seen: Mapping[Person, PersonSecond], apart: bool) -> Person | None:
        """For whom a new face is taken."""
        missing = [person for person in self.known() if person not in seen]
        candidates = missing or ([] if apart else list(seen))
        return max(candidates, key=lambda one: (one.has_open_episode, one.last_s), default=None)

    def _newcomer(self, track_id: int, at_s: float) -> Person:
        person = Person(track_id, at_s)
        person.machines = {rule.key: self._machine(rule) for rule in self._rules}
        return person

    def _machine(self, rule: PersonRule) -> Machine:
        machine = ExpressionMachine(rule) if isinstance(rule, AlertRule) else CountMachine(rule)
        machine.episode.snooze(self._snoozed_until_s.get(rule.key, -math.inf))
        return machine
