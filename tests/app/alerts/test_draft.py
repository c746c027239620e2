from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from app.alerts.draft import FIELDS, NEGATIVE, OWN, PAIN, changed, preset_of
from core.alerts.policy import AlertPolicy
from core.alerts.presets import PRESETS
from core.alerts.rule import AlertRule, Severity, Signal
from core.errors import RuleError


def _rule(policy: AlertPolicy) -> AlertRule:
    rule = policy.rules[0]
    assert isinstance(rule, AlertRule)
    return rule


def test_lines_that_cross_on_the_way_are_saved_once_they_make_sense() -> None:
    policy = AlertPolicy()
    with pytest.raises(RuleError, match="line"):
        changed(policy, {"rule.enter": 0.25})
    rule = _rule(changed(policy, {"rule.enter": 0.25, "rule.exit": 0.1}))
    assert (rule.enter, rule.exit) == (0.25, 0.1)


@pytest.mark.parametrize("key", PRESETS)
def test_each_preset_is_recognised(key: str) -> None:
    assert preset_of(changed(AlertPolicy(), {"preset": key})) == key


def test_what_departs_from_a_preset_is_ones_own() -> None:
    assert preset_of(changed(AlertPolicy(), {"rule.dwell_s": 9.0})) == OWN
    both = changed(AlertPolicy(), {"rule.dwell_s": 9.0, "preset": "pain-sensitive"})
    assert _rule(both).dwell_s == 9.0
    assert _rule(both).enter == PRESETS["pain-sensitive"].rule.enter


@pytest.mark.parametrize(
    ("labels", "key"),
    [
        pytest.param(("pain",), PRESETS[PAIN].rule.key, id="pain"),
        pytest.param(
            tuple(reversed(PRESETS[NEGATIVE].rule.labels)), PRESETS[NEGATIVE].rule.key, id="any"
        ),
        pytest.param(("sad", "fear"), "own-fear-sad", id="own"),
    ],
)
def test_another_label_set_is_another_rule_with_the_same_lines(
    labels: tuple[str, ...], key: str
) -> None:
    before = changed(AlertPolicy(), {"rule.enter": 0.7})
    rule = _rule(changed(before, {"rule.labels": labels}))
    assert rule.key == key
    assert set(rule.labels) == set(labels)
    assert rule.enter == 0.7


def test_no_labels_are_no_rule() -> None:
    with pytest.raises(RuleError):
        changed(AlertPolicy(), {"rule.labels": ()})


def test_quiet_hours_are_switched_on_changed_and_off() -> None:
    on = changed(AlertPolicy(), {"quiet.on": True, "quiet.start": time(23), "quiet.zone": "UTC"})
    assert on.quiet is not None
    assert (on.quiet.start, on.quiet.zone) == (time(23), "UTC")
    assert changed(on, {"quiet.on": False, "quiet.end": time(5)}).quiet is None


def test_a_watch_changes_alone() -> None:
    policy = changed(AlertPolicy(), {"watch.absent.enabled": True, "watch.absent.after_s": 600.0})
    by_signal = {watch.signal: watch for watch in policy.watches}
    assert by_signal[Signal.ABSENT].enabled
    assert by_signal[Signal.ABSENT].after_s == 600
    before = {watch.signal: watch for watch in AlertPolicy().watches}
    assert by_signal[Signal.DARK] == before[Signal.DARK]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rule.min_readings", 12),
        ("rule.severity", Severity.MEDIUM),
        ("waking.end", time(21, 30)),
        ("policy.reminders", 5),
        ("policy.picture_days", 3),
    ],
)
def test_fields_reach_the_policy(field: str, value: Any) -> None:
    policy = changed(AlertPolicy(), {field: value})
    assert policy != AlertPolicy()
    assert field in FIELDS
    assert AlertPolicy.from_json(policy.to_json()) == policy
