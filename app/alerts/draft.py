"""What somebody changes in the alert settings, until it makes sense and is saved. No Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any

from core.alerts.hours import DailyHours
from core.alerts.policy import AlertPolicy, checked
from core.alerts.presets import PRESETS, own_rule
from core.alerts.rule import PersonRule, Signal

OWN = "own"
PAIN, NEGATIVE = "pain-careful", "any-negative"
"""Keys of the presets whose label sets have a name of their own."""
NIGHT = DailyHours(time(22), time(7))
"""Quiet hours as they are offered first."""

Changes = Mapping[str, Any]
"""New values by the field's name, as `FIELDS` has them."""


def changed(policy: AlertPolicy, changes: Changes) -> AlertPolicy:
    """The policy with these changes.

    Raises:
        RuleError: together they make no sense.
    """
    for name, change in FIELDS.items():
        if name in changes:
            policy = change(policy, changes[name])
    return checked(policy)


def preset_of(policy: AlertPolicy) -> str:
    """Key of the preset that the rule equals; `OWN` where there is none."""
    same = (key for key, preset in PRESETS.items() if policy.rules == (preset.rule,))
    return next(same, OWN)


def hours(policy: AlertPolicy, name: str) -> DailyHours:
    """“quiet” or “waking”; while there are no quiet hours, those that would be offered."""
    return (policy.quiet or NIGHT) if name == "quiet" else policy.waking


def _use_preset(policy: AlertPolicy, key: str) -> AlertPolicy:
    return policy if key == OWN else replace(policy, rules=(PRESETS[key].rule,))


def _of_rule(field: str) -> Callable[[AlertPolicy, Any], AlertPolicy]:
    return lambda policy, value: _with_rule(policy, replace(policy.rules[0], **{field: value}))


def _labels(policy: AlertPolicy, labels: Sequence[str]) -> AlertPolicy:
    """Another label set is another rule to the records: it gets the key and title that go with it,
    and keeps its lines and times.
    """
    like = named(tuple(labels))
    rule = replace(policy.rules[0], key=like.key, title=like.title, labels=like.labels)
    return _with_rule(policy, rule)


def named(labels: tuple[str, ...]) -> PersonRule:
    """The rule that these labels are known by."""
    for key in (PAIN, NEGATIVE):
        if set(labels) == set(PRESETS[key].rule.labels):
            return PRESETS[key].rule
    return own_rule(labels)


def _with_rule(policy: AlertPolicy, rule: PersonRule) -> AlertPolicy:
    return replace(policy, rules=(rule, *policy.rules[1:]))


def _of_watch(signal: Signal, field: str) -> Callable[[AlertPolicy, Any], AlertPolicy]:
    def change(policy: AlertPolicy, value: object) -> AlertPolicy:
        watches = tuple(
            replace(watch, **{field: value}) if watch.signal is signal else watch  # type: ignore[arg-type]
            for watch in policy.watches
        )
        return replace(policy, watches=watches)

    return change


def _of_hours(name: str, field: str) -> Callable[[AlertPolicy, Any], AlertPolicy]:
    def change(policy: AlertPolicy, value: object) -> AlertPolicy:
        if name == "quiet" and policy.quiet is None:
            return policy
        new = replace(hours(policy, name), **{field: value})  # type: ignore[arg-type]
        return replace(policy, **{name: new})  # type: ignore[arg-type]

    return change


def _of_policy(field: str) -> Callable[[AlertPolicy, Any], AlertPolicy]:
    return lambda policy, value: replace(policy, **{field: value})


def _quiet_on(policy: AlertPolicy, on: bool) -> AlertPolicy:
    return replace(policy, quiet=hours(policy, "quiet") if on else None)


RULE_FIELDS = (
    "enter",
    "exit",
    "window_s",
    "dwell_s",
    "min_readings",
    "coverage",
    "grace_s",
    "clear_after_s",
    "cooldown_s",
    "more_than",
    "of_last",
    "apart_s",
    "severity",
    "enabled",
)
POLICY_FIELDS = (
    "quiet_holds_high",
    "reminder_every_s",
    "reminders",
    "deadline_s",
    "picture_days",
)

FIELDS: Mapping[str, Callable[[AlertPolicy, Any], AlertPolicy]] = {
    "preset": _use_preset,
    "rule.labels": _labels,
    **{f"rule.{field}": _of_rule(field) for field in RULE_FIELDS},
    "quiet.on": _quiet_on,
    **{
        f"{name}.{field}": _of_hours(name, field)
        for name in ("quiet", "waking")
        for field in ("start", "end", "zone")
    },
    **{
        f"watch.{signal.value}.{field}": _of_watch(signal, field)
        for signal in Signal
        for field in ("enabled", "after_s", "severity")
    },
    **{f"policy.{field}": _of_policy(field) for field in POLICY_FIELDS},
}
"""How each field changes a policy; in this order, as a preset comes before what departs from it."""
