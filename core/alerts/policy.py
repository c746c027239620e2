"""Everything about alerts that a person may tune, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from core.alerts.hours import DailyHours
from core.alerts.policy_json import built, plain
from core.alerts.presets import PRESETS
from core.alerts.rule import AlertRule, CountRule, PersonRule, Severity, Signal, WatchRule
from core.alerts.validation import check_hours, check_person_rule, check_sending, check_watch_rule
from core.errors import RuleError

DEFAULT_WATCHES = (
    WatchRule(Signal.ABSENT, 1800.0, Severity.MEDIUM, enabled=False),
    WatchRule(Signal.CAMERA_LOST, 60.0, Severity.HIGH),
    WatchRule(Signal.FROZEN, 60.0, Severity.HIGH),
    WatchRule(Signal.DARK, 600.0, Severity.MEDIUM, enabled=False),
)
"""A camera that is lost or stuck watches nobody, at night above all: that is high."""

DEFAULT_WAKING = DailyHours(time(7), time(22))


@dataclass(frozen=True)
class AlertPolicy:
    """One for the whole server.

    Attributes:
        rules: on people's expressions.
        watches: on the camera itself, one for each condition.
        waking: when nobody in the picture counts as absent.
        quiet: when medium alerts wait for the morning's digest; None for never.
        quiet_holds_high: quiet hours hold the high ones, too.
        reminder_every_s, reminders: how often an unanswered alert is told again, and how many
            times, before the next recipients' turn.
        deadline_s: after which a delivery is given up.
        picture_days: how long an alert's picture is kept.
    """

    rules: tuple[PersonRule, ...] = (PRESETS["pain-careful"].rule,)
    watches: tuple[WatchRule, ...] = DEFAULT_WATCHES
    waking: DailyHours = DEFAULT_WAKING
    quiet: DailyHours | None = None
    quiet_holds_high: bool = False
    reminder_every_s: float = 180.0
    reminders: int = 3
    deadline_s: float = 3600.0
    picture_days: int = 7

    def to_json(self) -> str:
        """For the database; `from_json` reads it."""
        values = asdict(self)
        for rule, written in zip(self.rules, values["rules"], strict=True):
            written["kind"] = _KIND_OF[type(rule)]
        return json.dumps(values, default=plain, indent=2)

    @staticmethod
    def from_json(text: str) -> AlertPolicy:
        """What was written, by an older or newer version, too: what is missing is as usual.

        Raises:
            RuleError: it cannot be read, or makes no sense.
        """
        try:
            policy = built(AlertPolicy, json.loads(text), _READERS)
        # a text that is nested too deeply ends the recursion of the reader
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise RuleError("The saved alert settings cannot be read.", repr(error)) from error
        return checked(policy)


def checked(policy: AlertPolicy) -> AlertPolicy:
    """The same policy.

    Raises:
        RuleError: something in it makes no sense; the sentence says what has to be so.
    """
    for rule in policy.rules:
        check_person_rule(rule)
    for watch in policy.watches:
        check_watch_rule(watch)
    keys = [rule.key for rule in (*policy.rules, *policy.watches)]
    if len(set(keys)) < len(keys):
        raise RuleError("Each rule may stand there only once.", f"keys {sorted(keys)}")
    for hours in (policy.waking, policy.quiet):
        if hours is not None:
            check_hours(hours)
    check_sending(policy.reminder_every_s, policy.reminders, policy.deadline_s, policy.picture_days)
    return policy


_KINDS: Mapping[str, type[PersonRule]] = {"expression": AlertRule, "count": CountRule}
_KIND_OF = {kind: name for name, kind in _KINDS.items()}


def _person_rule(values: object) -> PersonRule:
    kind = values.get("kind", "expression") if isinstance(values, dict) else "expression"
    return built(_KINDS[kind], values)


def _hours(values: object) -> DailyHours:
    return built(DailyHours, values)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "rules": lambda written: tuple(_person_rule(values) for values in written),
    "watches": lambda written: tuple(built(WatchRule, values) for values in written),
    "waking": _hours,
    "quiet": lambda written: None if written is None else _hours(written),
}
