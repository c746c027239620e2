"""What is kept of the settings, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from core.alerts.hours import DailyHours
from core.alerts.policy import DEFAULT_WATCHES, AlertPolicy, checked
from core.alerts.presets import PRESETS, own_rule
from core.alerts.rule import AlertRule, CountRule, Severity, Signal, WatchRule
from core.errors import RuleError

PAIN = AlertRule("pain", "Pain", ("pain",))
COUNT = CountRule("count", "Counted", ("sad",))
LOST = WatchRule(Signal.CAMERA_LOST, 60.0, Severity.HIGH)
FULL = AlertPolicy(
    rules=tuple(PRESETS[key].rule for key in ("pain-sensitive", "any-negative", "original")),
    watches=DEFAULT_WATCHES,
    waking=DailyHours(time(6, 30), time(23, 15, 30), "Europe/Vienna"),
    quiet=DailyHours(time(22), time(6)),
    quiet_holds_high=True,
    reminder_every_s=60.0,
    reminders=0,
    deadline_s=600.0,
    picture_days=1,
)


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(AlertPolicy(), id="as it comes"),
        pytest.param(FULL, id="everything changed"),
        pytest.param(AlertPolicy(rules=(), watches=()), id="nothing watched"),
        pytest.param(AlertPolicy(rules=(own_rule(("sad", "fear")),)), id="labels of one's own"),
    ],
)
def test_comes_back_as_it_was(policy: AlertPolicy) -> None:
    assert AlertPolicy.from_json(policy.to_json()) == policy


def test_what_is_missing_is_as_usual() -> None:
    assert AlertPolicy.from_json("{}") == AlertPolicy()
    kept = '{"rules": [{"key": "a", "title": "A", "labels": ["sad"]}], "reminders": 1}'
    assert AlertPolicy.from_json(kept) == AlertPolicy(
        rules=(AlertRule("a", "A", ("sad",)),), reminders=1
    )


def test_what_a_newer_version_wrote_is_passed_over() -> None:
    values = json.loads(AlertPolicy().to_json())
    values["colour"] = "blue"
    values["rules"][0]["colour"] = "blue"
    assert AlertPolicy.from_json(json.dumps(values)) == AlertPolicy()


def _with(**changes: Any) -> str:
    return json.dumps(json.loads(AlertPolicy().to_json()) | changes)


def _rule(**changes: Any) -> str:
    values = json.loads(AlertPolicy().to_json())["rules"][0] | changes
    return _with(rules=[values])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="torn"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="null"),
        pytest.param("[" * 100_000, id="too deep"),
        pytest.param(_with(rules=7), id="rules are a number"),
        pytest.param(_with(rules=["pain"]), id="a rule is a word"),
        pytest.param(_with(rules=[{}]), id="a rule without a name"),
        pytest.param(_rule(kind="magic"), id="an unknown kind of rule"),
        pytest.param(_rule(kind=["count"]), id="a kind that is a list"),
        pytest.param(_rule(enter="high"), id="a line is a word"),
        pytest.param(_rule(enter=True), id="a line is a yes"),
        pytest.param(_rule(enter=10**400), id="a line is huge"),
        pytest.param(_rule(enter=float("nan")), id="a line is no number"),
        pytest.param(_rule(labels="pain"), id="labels are a word"),
        pytest.param(_rule(labels=[1]), id="a label is a number"),
        pytest.param(_rule(min_readings=8.5), id="half a reading"),
        pytest.param(_rule(enabled=1), id="a yes is a number"),
        pytest.param(_rule(severity="dire"), id="an unknown severity"),
        pytest.param(_rule(title=None), id="a title is nothing"),
        pytest.param(_with(watches=[{"signal": "boredom"}]), id="an unknown condition"),
        pytest.param(_with(waking=None), id="no waking hours"),
        pytest.param(_with(waking={"start": "25:00", "end": "07:00"}), id="an hour that is none"),
        pytest.param(_with(quiet={"start": 22, "end": 7}), id="hours are numbers"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"^The saved alert settings cannot be read\.$"):
        AlertPolicy.from_json(text)


def test_what_was_kept_is_checked_too() -> None:
    with pytest.raises(RuleError, match="upper line"):
        AlertPolicy.from_json(_rule(enter=0.2))


NAN = float("nan")

# Sentences that people read when a rule makes no sense.
LINES = "Both lines must lie between 0 and 100 %, and the upper one above 0."
DWELL = (
    "The score must stay above the upper line for 1 second to 10 minutes before anybody is told."
)
COVERAGE = "The face must be readable in 10 to 100 % of the time before anybody is told."
GRACE = (
    "A dip that is overlooked must be shorter than the time that the score must stay "
    "above the upper line."
)
CLEAR = "It is over when the score stayed below the lower line for 1 second to 1 hour."
PAUSE = "The pause between two alerts lasts at most 24 hours."
NEGATIVES = (
    "The number of readings that must be negative has to be at least 1 and smaller than "
    "the number of readings that are looked at."
)
WATCHED = "“Camera lost” can be told after 5 seconds to 24 hours."
NO_CONDITION = "A watch looks at the camera; for an expression, make a rule."
WALL = "Hours are given by the wall clock, their time zone beside them."
GIVEN_UP = "A message that cannot be delivered is given up after 1 minute to 24 hours."
NO_PATH = "There is no time zone “../etc/passwd”."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (replace(PAIN, labels=()), "Choose at least one expression that the rule looks for."),
        (replace(PAIN, title=" "), "Give the rule a name."),
        (replace(PAIN, key=""), "Give the rule a name."),
        (replace(PAIN, enter=0.3), "The upper line must lie above the lower one."),
        (replace(PAIN, exit=0.6), "The upper line must lie above the lower one."),
        (replace(PAIN, enter=1.1), LINES),
        (replace(PAIN, exit=-0.1), LINES),
        (replace(PAIN, enter=NAN), LINES),
        (replace(PAIN, window_s=0.5), "The score is the median of 1 to 60 seconds."),
        (replace(PAIN, dwell_s=0.0), DWELL),
        (replace(PAIN, dwell_s=NAN), DWELL),
        (replace(PAIN, min_readings=0), "At least 1 and at most 1000 readings are asked for."),
        (replace(PAIN, coverage=0.0), COVERAGE),
        (replace(PAIN, grace_s=5.0), GRACE),
        (replace(PAIN, clear_after_s=0.0), CLEAR),
        (replace(PAIN, cooldown_s=-1.0), PAUSE),
        (replace(COUNT, labels=()), "Choose at least one expression that the rule looks for."),
        (replace(COUNT, of_last=1001), "Between 1 and 1000 of the last readings can be looked at."),
        (replace(COUNT, more_than=40), NEGATIVES),
        (replace(COUNT, more_than=0), NEGATIVES),
        (replace(COUNT, apart_s=0.0), "Two alerts must lie between 1 second and 24 hours apart."),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: AlertRule | CountRule, sentence: str) -> None:
    with pytest.raises(RuleError) as refused:
        checked(AlertPolicy(rules=(rule,)))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rules": (PAIN, PAIN)}, "Each rule may stand there only once."),
        ({"watches": (LOST, LOST)}, "Each rule may stand there only once."),
        ({"rules": (replace(PAIN, key="absent"),)}, "Each rule may stand there only once."),
        ({"watches": (replace(LOST, after_s=4.0),)}, WATCHED),
        ({"watches": (replace(LOST, cooldown_s=NAN),)}, PAUSE),
        ({"watches": (replace(LOST, signal=Signal.EXPRESSION),)}, NO_CONDITION),
        (
            {"waking": DailyHours(time(7), time(22), "Mars/Base")},
            "There is no time zone “Mars/Base”.",
        ),
        ({"quiet": DailyHours(time(7), time(22), "Europe")}, "There is no time zone “Europe”."),
        ({"quiet": DailyHours(time(7), time(22), "../etc/passwd")}, NO_PATH),
        ({"quiet": DailyHours(time(7), time(22), "")}, "There is no time zone “”."),
        ({"quiet": DailyHours(time.fromisoformat("07:00+01:00"), time(22))}, WALL),
        ({"reminder_every_s": 5.0}, "Reminders come every 30 seconds to every 24 hours."),
        ({"reminders": 21}, "There can be up to 20 reminders."),
        ({"deadline_s": 1.0}, GIVEN_UP),
        ({"picture_days": 0}, "Pictures are kept for 1 to 365 days."),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(changes: Any, sentence: str) -> None:
    with pytest.raises(RuleError) as refused:
        checked(replace(AlertPolicy(), **changes))
    assert refused.value.sentence == sentence


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_preset_makes_sense(preset: Any) -> None:
    policy = AlertPolicy(rules=(preset.rule,))
    assert checked(policy) is policy
    assert preset.title
    assert preset.description.endswith(".")


def test_the_presets_are_the_four_that_were_asked_for() -> None:
    assert [preset.title for preset in PRESETS.values()] == [
        "Pain, careful",
        "Pain, sensitive",
        "Any negative expression",
        "Like the original",
    ]
    assert [preset.key for preset in PRESETS.values()] == list(PRESETS)


@pytest.mark.parametrize(
    ("title", "named"), [("", "Sad or fear"), ("  ", "Sad or fear"), ("Worry", "Worry")]
)
def test_a_rule_on_labels_of_ones_own(title: str, named: str) -> None:
    rule = own_rule(("sad", "fear"), title)
    assert (rule.title, rule.labels, rule.key) == (named, ("sad", "fear"), "own-fear-sad")
    assert checked(AlertPolicy(rules=(rule,)))


def test_a_rule_on_no_labels_is_refused_for_that() -> None:
    with pytest.raises(RuleError, match="Choose at least one expression"):
        checked(AlertPolicy(rules=(own_rule(()),)))
