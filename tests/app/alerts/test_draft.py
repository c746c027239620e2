from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from app.alerts.draft import FIELDS, NEGATIVE, OWN, PAIN, added, changed, preset_of, removed, unread
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


class TestSeveralRules:
    def test_another_one_looks_at_what_none_does_yet(self) -> None:
        policy = AlertPolicy()
        for _ in range(3):
            policy = added(policy)
        assert [rule.key for rule in policy.rules] == [
            "pain", "negative", "original", "own-angry",
        ]  # fmt: skip
        assert AlertPolicy.from_json(policy.to_json()) == policy

    def test_it_ends_once_there_is_a_rule_for_everything(self) -> None:
        policy = AlertPolicy()
        for _ in range(1 + len(PRESETS["original"].rule.labels)):
            policy = added(policy)
        with pytest.raises(RuleError, match="everything"):
            added(policy)

    def test_a_change_is_that_of_the_chosen_rule(self) -> None:
        policy = added(added(AlertPolicy()))
        new = changed(policy, {"rule.enter": 0.9, "policy.reminders": 5}, 1)
        assert (new.rules[0], new.rules[2]) == (policy.rules[0], policy.rules[2])
        assert isinstance(new.rules[1], AlertRule)
        assert (new.rules[1].key, new.rules[1].enter, new.reminders) == ("negative", 0.9, 5)
        assert (preset_of(new, 0), preset_of(new, 1)) == ("pain-careful", OWN)

    def test_a_preset_takes_the_place_of_one_rule_and_keeps_it_off(self) -> None:
        policy = changed(added(AlertPolicy()), {"rule.enabled": False}, 1)
        new = changed(policy, {"preset": "original"}, 1)
        assert [(rule.key, rule.enabled) for rule in new.rules] == [
            ("pain", True), ("original", False),
        ]  # fmt: skip
        assert preset_of(new, 1) == "original"

    def test_the_same_twice_is_refused(self) -> None:
        with pytest.raises(RuleError, match="only once"):
            changed(added(AlertPolicy()), {"preset": "pain-sensitive"}, 1)

    def test_one_is_removed(self) -> None:
        policy = added(AlertPolicy())
        assert removed(policy, 0).rules == policy.rules[1:]
        assert removed(policy, 7) == policy

    def test_what_another_session_removed_is_not_changed(self) -> None:
        assert changed(AlertPolicy(), {"policy.reminders": 5}, 3).rules == AlertPolicy().rules


def test_labels_that_no_model_reads() -> None:
    assert unread(("pain", "sad"), {"sad", "happy"}) == ("pain",)
    assert unread(("sad",), {"sad"}) == ()
