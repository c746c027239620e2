"""What changed settings would have decided about what was kept."""

from __future__ import annotations

from dataclasses import replace

from core.alerts.change import Change
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy
from core.alerts.replay import replay
from core.alerts.rule import AlertRule, Severity, Signal, WatchRule
from tests.support.person_seconds import START_S, second, seconds_of

RULE = AlertRule("pain", "Pain", ("pain",), window_s=1.0, clear_after_s=4.0, cooldown_s=10.0)
POLICY = AlertPolicy(rules=(RULE,))
LOST = WatchRule(Signal.CAMERA_LOST, 30.0, Severity.HIGH)


def said(changes: tuple[Change, ...]) -> list[tuple[str, str, float]]:
    return [
        (change.rule.key, (change.ending or change.kind).value, change.at_s - START_S)
        for change in changes
    ]


def test_decides_as_the_engine_did() -> None:
    seconds = seconds_of(([0.9] * 10 + [0.1] * 30) * 5)
    engine = AlertEngine(POLICY)
    live = [change for each in seconds for change in engine.take(each)]
    assert replay(seconds, POLICY) == tuple(live)
    assert len(live) == 10


def test_other_settings_decide_otherwise() -> None:
    seconds = seconds_of(([0.6] * 10 + [0.1] * 30) * 5)
    strict = replace(POLICY, rules=(replace(RULE, enter=0.7),))
    assert len(replay(seconds, POLICY)) == 10
    assert replay(seconds, strict) == ()


def test_what_lasts_at_the_end_stays_open() -> None:
    assert said(replay(seconds_of([0.9] * 60), POLICY)) == [("pain", "fired", 5)]


def test_nothing_kept_decides_nothing() -> None:
    assert replay([], POLICY) == ()


def test_takes_an_iterator_once() -> None:
    assert said(replay(iter(seconds_of([0.9] * 60)), POLICY)) == [("pain", "fired", 5)]


def test_a_gap_is_a_lost_camera() -> None:
    seconds = [second(0), second(1), second(40), second(41), second(60)]
    assert said(replay(seconds, AlertPolicy(rules=(), watches=(LOST,)))) == [
        ("camera lost", "fired", 31),
        ("camera lost", "cleared", 40),
    ]


def test_a_gap_that_nobody_watches_for_is_nothing() -> None:
    seconds = [second(0), second(40)]
    policy = AlertPolicy(rules=(), watches=(replace(LOST, enabled=False),))
    assert replay(seconds, policy) == ()


def test_a_gap_is_no_pain_and_no_end_of_it() -> None:
    seconds = [*seconds_of([0.9] * 3), *seconds_of([0.9] * 3, first=40)]
    assert replay(seconds, POLICY) == ()
    seconds = [*seconds_of([0.9] * 6), *seconds_of([0.9] * 60, first=90)]
    assert said(replay(seconds, replace(POLICY, watches=()))) == [("pain", "fired", 5)]
