"""One rule's episode of one person or camera: whether it is open, and when the next may open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from core.alerts.change import Change, ChangeKind, Ending, ScorePoint
from core.alerts.rule import CountRule, Rule

SLACK_S = 0.01
"""Moments are floats: ten steps of a second may come to a hair less than ten seconds."""


@dataclass
class Episode:
    """At most one is open at a time.

    Attributes:
        person: under whom the open one was told.
        opened_s: when the open one fired; None while none is open.
        told_s: when the last one fired, or later: when its delivery was confirmed.
        snoozed_until_s: nothing opens before.
    """

    person: int | None = None
    opened_s: float | None = None
    told_s: float = -math.inf
    snoozed_until_s: float = -math.inf
    _snoozed_while_open: bool = False

    @property
    def is_open(self) -> bool:
        return self.opened_s is not None

    def blocked_until_s(self, rule: Rule) -> float:
        """Until when a snooze or the cooldown keeps the next one from opening."""
        return max(self.snoozed_until_s, self.told_s + _cooldown_s(rule))

    def may_open(self, rule: Rule, now_s: float) -> bool:
        return now_s >= self.blocked_until_s(rule) - SLACK_S

    def outlasted_snooze(self, rule: Rule, now_s: float) -> bool:
        """Whether the open one was snoozed, and the snooze is over: carers are told again."""
        return self._snoozed_while_open and self.may_open(rule, now_s)

    def delivered(self, at_s: float) -> None:
        self.told_s = max(self.told_s, at_s)

    def snooze(self, until_s: float) -> None:
        """A moment that has passed lifts a snooze."""
        self.snoozed_until_s = until_s
        self._snoozed_while_open = self.is_open

    def open(
        self,
        rule: Rule,
        person: int | None,
        now: ScorePoint,
        trail: tuple[ScorePoint, ...] = (),
        dwell_began_utc: datetime | None = None,
    ) -> Change:
        self.person, self.opened_s, self.told_s = person, now.at_s, now.at_s
        self._snoozed_while_open = False
        return Change(
            kind=ChangeKind.FIRED,
            rule=rule,
            person=person,
            at_s=now.at_s,
            at_utc=now.at_utc,
            score=now.score,
            trail=trail,
            dwell_began_utc=dwell_began_utc,
        )

    def close(
        self, rule: Rule, ending: Ending, now: ScorePoint, trail: tuple[ScorePoint, ...] = ()
    ) -> Change:
        self.opened_s = None
        return Change(
            kind=ChangeKind.OVER,
            rule=rule,
            person=self.person,
            at_s=now.at_s,
            at_utc=now.at_utc,
            score=now.score,
            trail=trail,
            ending=ending,
        )

    def end(
        self,
        rule: Rule,
        ending: Ending,
        at_s: float,
        at_utc: datetime,
        trail: tuple[ScorePoint, ...],
    ) -> tuple[Change, ...]:
        """Close it with the last score of its trail; nothing where none is open."""
        if not self.is_open:
            return ()
        return (self.close(rule, ending, ScorePoint(at_s, at_utc, trail[-1].score), trail),)


def _cooldown_s(rule: Rule) -> float:
    return rule.apart_s if isinstance(rule, CountRule) else rule.cooldown_s
