"""What the engine adds to the machines: delivery, snooze, changed settings, the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alerts.change import Change, ChangeKind, Ending
from core.alerts.engine import AlertEngine
from core.alerts.people import FORGET_AFTER_S
from core.alerts.policy import DEFAULT_WATCHES, AlertPolicy
from core.alerts.rule import AlertRule, CountRule, Severity, Signal, WatchRule
from core.alerts.standing import Phase
from core.monitoring.second import Second
from tests.support.person_seconds import START_S, START_UTC, person_second, second, seconds_of

RULE = AlertRule("pain", "Pain", ("pain",), window_s=1.0, clear_after_s=4.0, cooldown_s=10.0)
FROZEN = WatchRule(Signal.FROZEN, 10.0, Severity.HIGH)
POLICY = AlertPolicy(rules=(RULE,), watches=())
FIRES_AT, CLEARS_AT = 5, 10
"""Of six seconds of pain and five without."""


def take_all(engine: AlertEngine, seconds: list[Second]) -> list[Change]:
    return [change for each in seconds for change in engine.take(each)]


def said(changes: list[Change]) -> list[tuple[str, float]]:
    """What was decided, and in which second."""
    return [((change.ending or change.kind).value, change.at_s - START_S) for change in changes]


def an_episode(engine: AlertEngine) -> None:
    changes = take_all(engine, seconds_of([0.9] * 6 + [0.1] * 5))
    assert said(changes) == [("fired", FIRES_AT), ("cleared", CLEARS_AT)]


def phases(engine: AlertEngine) -> list[Phase]:
    return [one.phase for one in engine.standing()]


def test_without_delivery_the_cooldown_counts_from_firing() -> None:
    engine = AlertEngine(POLICY)
    an_episode(engine)
    assert said(take_all(engine, seconds_of([0.9] * 20, first=11))) == [("fired", 16)]


@pytest.mark.parametrize(
    ("delivered_at", "fires_again_at"),
    [
        pytest.param(7, 21, id="while it lasted"),
        pytest.param(10, 24, id="after it was over"),
        pytest.param(2, 19, id="of an earlier one changes nothing"),
    ],
)
def test_the_cooldown_counts_from_delivery(delivered_at: int, fires_again_at: int) -> None:
    engine = AlertEngine(replace(POLICY, rules=(replace(RULE, cooldown_s=14.0),)))
    an_episode(engine)
    engine.delivered(1, "pain", START_S + delivered_at)
    changes = take_all(engine, seconds_of([0.9] * 20, first=11))
    assert said(changes) == [("fired", fires_again_at)]


@pytest.mark.parametrize(
    ("person", "rule_key"), [(2, "pain"), (1, "sadness"), (None, "frozen"), (None, "pain")]
)
def test_a_delivery_of_what_is_not_known_changes_nothing(person: int | None, rule_key: str) -> None:
    engine = AlertEngine(POLICY)
    an_episode(engine)
    engine.delivered(person, rule_key, START_S + 100)
    assert said(take_all(engine, seconds_of([0.9] * 20, first=11))) == [("fired", 16)]


@pytest.mark.parametrize("person", [1, None], ids=["one person", "everybody"])
def test_a_snooze_holds_back_until_it_ends(person: int | None) -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.1]))
    engine.snooze("pain", person, START_S + 30)
    assert take_all(engine, seconds_of([0.9] * 29, first=1)) == []
    assert phases(engine) == [Phase.SNOOZED]
    assert engine.standing()[0].until_s == START_S + 30
    assert said(take_all(engine, seconds_of([0.9] * 5, first=30))) == [("fired", 30)]


def test_a_snooze_of_one_leaves_the_others() -> None:
    engine = AlertEngine(POLICY)
    both = [person_second(0.9, 1), person_second(0.9, 2)]
    engine.take(second(0, *both))
    engine.snooze("pain", 1, START_S + 30)
    changes = take_all(engine, [second(index, *both) for index in range(1, 20)])
    assert [(change.person, change.at_s - START_S) for change in changes] == [(2, 5)]


def test_a_snooze_of_everybody_counts_for_who_comes_later() -> None:
    engine = AlertEngine(POLICY)
    engine.snooze("pain", None, START_S + 30)
    assert said(take_all(engine, seconds_of([0.9] * 40))) == [("fired", 30)]


def test_a_snooze_can_be_lifted() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.1]))
    engine.snooze("pain", None, START_S + 30)
    take_all(engine, seconds_of([0.9] * 9, first=1))
    engine.snooze("pain", None, START_S + 9)
    assert said(take_all(engine, seconds_of([0.9], first=10))) == [("fired", 10)]


def test_who_is_not_known_is_not_snoozed() -> None:
    engine = AlertEngine(POLICY)
    engine.snooze("pain", 7, START_S + 30)
    assert said(take_all(engine, seconds_of([0.9] * 6))) == [("fired", 5)]


def test_what_outlasts_its_snooze_is_told_again() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 7))
    engine.snooze("pain", 1, START_S + 30)
    assert take_all(engine, seconds_of([0.9] * 23, first=7)) == []
    assert phases(engine) == [Phase.FIRING]
    changes = take_all(engine, seconds_of([0.9] * 30, first=30))
    assert said(changes) == [("renewed", 30), ("fired", 30)]
    assert changes[1].dwell_began_utc == START_UTC


def test_what_is_not_seen_at_the_end_of_its_snooze_is_told_when_it_is() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 7))
    engine.snooze("pain", 1, START_S + 30)
    changes = take_all(engine, seconds_of([None] * 40 + [0.4, 0.9], first=7))
    assert said(changes) == [("renewed", 48), ("fired", 48)]


def test_what_clears_in_its_snooze_is_over() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 6))
    engine.snooze("pain", 1, START_S + 60)
    assert said(take_all(engine, seconds_of([0.1] * 90, first=6))) == [("cleared", 10)]


def test_stop_ends_what_is_open() -> None:
    engine = AlertEngine(AlertPolicy(rules=(RULE,), watches=(FROZEN,)))
    take_all(engine, [second(index, person_second(0.9), motion=0.0) for index in range(12)])
    at_s, at_utc = START_S + 20, START_UTC + timedelta(seconds=20)
    changes = engine.stop(at_s, at_utc)
    assert [(change.rule.key, change.ending, change.person) for change in changes] == [
        ("pain", Ending.STOPPED, 1),
        ("frozen", Ending.STOPPED, None),
    ]
    assert {(change.at_s, change.at_utc) for change in changes} == {(at_s, at_utc)}
    assert engine.stop(at_s, at_utc) == ()


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param((), id="gone"),
        pytest.param((replace(RULE, enabled=False),), id="switched off"),
        pytest.param((replace(RULE, labels=("sad",)),), id="it looks at something else"),
        pytest.param((CountRule("pain", "Pain", ("pain",)),), id="it counts now"),
    ],
)
def test_a_rule_that_goes_ends_its_episodes(rules: tuple[AlertRule | CountRule, ...]) -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 7))
    (over,) = engine.use(replace(POLICY, rules=rules))
    assert (over.kind, over.ending, over.person) == (ChangeKind.OVER, Ending.STOPPED, 1)
    assert over.at_s == START_S + 6
    assert engine.use(replace(POLICY, rules=rules)) == ()


def test_an_episode_goes_on_under_changed_settings() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 6))
    changed = replace(RULE, title="Hurt", enter=0.95, clear_after_s=2.0)
    assert engine.use(replace(POLICY, rules=(changed,))) == ()
    changes = take_all(engine, seconds_of([0.9, 0.1, 0.1, 0.1], first=6))
    assert said(changes) == [("cleared", 9)]
    assert changes[0].rule == changed


def test_a_new_rule_counts_for_who_is_there() -> None:
    engine = AlertEngine(replace(POLICY, rules=()))
    take_all(engine, seconds_of([0.9] * 6))
    assert engine.use(POLICY) == ()
    assert said(take_all(engine, seconds_of([0.9] * 6, first=6))) == [("fired", 11)]


def test_a_watch_that_goes_ends_its_episode() -> None:
    engine = AlertEngine(AlertPolicy(rules=(), watches=(FROZEN,)))
    take_all(engine, [second(index, motion=0.0, faces=1) for index in range(12)])
    (over,) = engine.use(AlertPolicy(rules=(), watches=(replace(FROZEN, enabled=False),)))
    assert (over.ending, over.rule) == (Ending.STOPPED, FROZEN)


def test_several_rules_decide_each_for_itself() -> None:
    quick = replace(RULE, key="quick", dwell_s=2.0)
    engine = AlertEngine(replace(POLICY, rules=(RULE, quick)))
    changes = take_all(engine, seconds_of([0.9] * 7))
    assert [(change.rule.key, change.at_s - START_S) for change in changes] == [
        ("quick", 2),
        ("pain", 5),
    ]


def test_who_is_unseen_for_long_is_forgotten() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 6))
    changes = take_all(engine, seconds_of([None] * 700, first=6))
    assert said(changes) == [("unseen", FIRES_AT + FORGET_AFTER_S)]
    assert changes[0].score == 0.9
    assert engine.standing() == ()


def test_who_comes_back_before_is_the_same_episode() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 6))
    gone = round(FORGET_AFTER_S) - 2
    assert take_all(engine, seconds_of([None] * gone + [0.9] * 20, first=6)) == []
    assert phases(engine) == [Phase.FIRING]


def test_a_policy_as_it_comes_watches_for_pain_and_for_the_camera() -> None:
    engine = AlertEngine(AlertPolicy())
    engine.take(second(0, person_second(0.1)))
    assert [(one.rule.key, one.person) for one in engine.standing()] == [
        ("pain", 1),
        *((watch.key, None) for watch in DEFAULT_WATCHES if watch.enabled),
    ]


def test_time_never_goes_back_where_a_second_comes_after_a_tick() -> None:
    engine = AlertEngine(POLICY)
    take_all(engine, seconds_of([0.9] * 6))
    engine.tick(START_S + 8, START_UTC + timedelta(seconds=8), lost_for_s=None)
    take_all(engine, seconds_of([0.9], first=6))
    (over,) = engine.use(replace(POLICY, rules=()))
    assert over.at_s == START_S + 8
