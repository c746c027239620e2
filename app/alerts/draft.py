"""What somebody changes in the alert settings, until it makes sense and is saved. No Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import time
from typing import Any

from core.alerts.hours import DailyHours
from core.alerts.policy import AlertPolicy, checked
from core.alerts.presets import PRESETS, own_rule
from core.alerts.rule import PersonRule, Signal
from core.errors import RuleError

OWN = "own"
PAIN, NEGATIVE = "pain-careful", "any-negative"
"""Keys of the presets whose label sets have a name of their own."""
NIGHT = DailyHours(time(22), time(7))
"""Quiet hours as they are offered first."""

Changes = Mapping[str, Any]
"""New values by the field's name, as `FIELDS` has them."""


def changed(policy: AlertPolicy, changes: Changes, place: int = 0) -> AlertPolicy:
    """The policy with these changes.

    Args:
        policy: as it is kept.
        changes: of the policy, and of one rule.
        place: of that rule.

    Raises:
        RuleError: together they make no sense.
    """
    policy = _moved(policy, place, 0)  # `FIELDS` change the first
    for name, change in FIELDS.items():
        if name in changes:
            policy = change(policy, changes[name])
    return checked(_moved(policy, 0, place))


def added(policy: AlertPolicy) -> AlertPolicy:
    """With one more rule at the end: the first preset of what no rule looks at yet."""
    keys = {rule.key for rule in policy.rules}
    offered = [preset.rule for preset in PRESETS.values()]
    offered += [own_rule((label,)) for label in PRESETS[NEGATIVE].rule.labels if label != "pain"]
    new = next((rule for rule in offered if rule.key not in keys), None)
    if new is None:
        raise RuleError("There is a rule for everything already.")
    return checked(replace(policy, rules=(*policy.rules, new)))


def removed(policy: AlertPolicy, place: int) -> AlertPolicy:
    """Without the rule at this place."""
    return replace(policy, rules=policy.rules[:place] + policy.rules[place + 1 :])


def unread(labels: Sequence[str], known: AbstractSet[str]) -> tuple[str, ...]:
    """Those labels that no model in use knows: they always score 0."""
    return tuple(label for label in labels if label not in known)


def preset_of(policy: AlertPolicy, place: int = 0) -> str:
    """Key of the preset that the rule at this place equals; `OWN` where there is none."""
    rule = replace(policy.rules[place], enabled=True)
    return next((key for key, preset in PRESETS.items() if rule == preset.rule), OWN)


def hours(policy: AlertPolicy, name: str) -> DailyHours:
    """“quiet” or “waking”; while there are no quiet hours, those that would be offered."""
    return (policy.quiet or NIGHT) if name == "quiet" else policy.waking


def _moved(policy: AlertPolicy, place: int, to: int) -> AlertPolicy:
    rules = list(policy.rules)
    if max(place, to) < len(rules):  # another session may have removed some
        rules.insert(to, rules.pop(place))
    return replace(policy, rules=tuple(rules))


def _use_preset(policy: AlertPolicy, key: str) -> AlertPolicy:
    """Whether the rule is on stays."""
    if key == OWN:
        return policy
    return _with_rule(policy, replace(PRESETS[key].rule, enabled=policy.rules[0].enabled))


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
