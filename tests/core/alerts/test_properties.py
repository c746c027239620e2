"""What holds of every rule and every stream of seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alerts.change import Change, ChangeKind
from core.alerts.engine import AlertEngine
from core.alerts.policy import AlertPolicy, checked
from core.alerts.replay import replay
from core.alerts.rule import AlertRule, CountRule, Severity, Signal, WatchRule
from core.monitoring.second import PersonSecond, Second
from tests.support.person_seconds import START_S, START_UTC, person_second, second

bounded = settings(deadline=None, max_examples=100)

WATCHES = tuple(
    WatchRule(signal, 5.0, Severity.MEDIUM, cooldown_s=8.0)
    for signal in (Signal.CAMERA_LOST, Signal.FROZEN, Signal.DARK)
)
"""Those that the wall clock has no part in."""

hundredths = st.integers(0, 100).map(lambda number: number / 100)
levels = st.sampled_from([0.0, 0.1, 0.3, 0.45, 0.5, 0.7, 1.0]) | hundredths


alert_rules = st.builds(
    AlertRule,
    st.just("pain"),
    st.just("Pain"),
    st.just(("pain",)),
    enter=st.sampled_from([0.31, 0.5, 0.7, 1.0]),
    exit=st.sampled_from([0.0, 0.2, 0.3]),
    window_s=st.sampled_from([1.0, 2.0, 3.0, 5.0]),
    dwell_s=st.sampled_from([2.5, 1.0, 1.5, 3.0, 5.0, 8.0]),
    min_readings=st.sampled_from([1, 8, 40]),
    coverage=st.sampled_from([0.1, 0.5, 0.6, 0.9, 1.0]),
    grace_s=st.sampled_from([0.0, 0.5, 0.9]),
    clear_after_s=st.sampled_from([1.0, 3.0, 10.0]),
    cooldown_s=st.sampled_from([0.0, 5.0, 30.0]),
)
patient_rules = st.builds(
    replace, alert_rules, dwell_s=st.sampled_from([3.0, 5.0]), grace_s=st.sampled_from([1.0, 2.0])
)
count_rules = st.builds(
    CountRule,
    st.just("count"),
    st.just("Counted"),
    st.just(("pain",)),
    more_than=st.integers(1, 5),
    of_last=st.integers(6, 10),
)
policies = st.builds(
    lambda *rules: checked(AlertPolicy(rules=rules, watches=WATCHES)),
    alert_rules | patient_rules,
    count_rules,
)


@dataclass(frozen=True)
class Stretch:
    """A few seconds in which little changes: drawn apart, they would hardly ever fire."""

    gap_s: int
    lasts_s: int
    pain: dict[int, float]
    readings: int
    picture: tuple[float, float]
    one_face: bool

    def seconds(self, first: int) -> list[Second]:
        people = [person_second(self.pain[one], one, self.readings) for one in sorted(self.pain)]
        faces = min(1, len(people)) if self.one_face else len(people)
        brightness, motion = self.picture
        return [
            second(index, *people, faces=faces, brightness=brightness, motion=motion)
            for index in range(first, first + self.lasts_s)
        ]


def in_a_row(stretches: Sequence[Stretch]) -> list[Second]:
    seconds: list[Second] = []
    index = 0
    for stretch in stretches:
        index += stretch.gap_s
        seconds += stretch.seconds(index)
        index += stretch.lasts_s
    return seconds


def streams(track_ids: int) -> st.SearchStrategy[list[Second]]:
    """About a minute: people who come and go, ids that change, gaps, frozen and dark pictures."""
    stretches = st.builds(
        Stretch,
        gap_s=st.sampled_from([0, 0, 0, 0, 1, 2, 7, 700]),
        lasts_s=st.integers(1, 9),
        pain=st.dictionaries(st.integers(1, track_ids), levels, max_size=3),
        readings=st.sampled_from([15, 2, 1]),
        picture=st.sampled_from([(120.0, 3.0), (120.0, 0.0), (20.0, 3.0)]),
        one_face=st.booleans(),
    )
    return st.lists(stretches, min_size=1, max_size=8).map(in_a_row)


def decided(engine: AlertEngine, seconds: Sequence[Second]) -> list[Change]:
    return [change for each in seconds for change in engine.take(each)]


def alone(seconds: Sequence[Second]) -> list[tuple[Second, PersonSecond]]:
    return [(each, person) for each in seconds for person in each.people]


@bounded
@given(alert_rules | patient_rules, streams(track_ids=1))
def test_never_fires_on_fewer_than_the_minimum(rule: AlertRule, seconds: list[Second]) -> None:
    engine = AlertEngine(AlertPolicy(rules=(rule,), watches=()))
    for fired in decided(engine, seconds):
        if fired.kind is ChangeKind.OVER:
            continue
        assert fired.dwell_began_utc is not None
        began_s = START_S + (fired.dwell_began_utc - START_UTC).total_seconds()
        until = [(each, one) for each, one in alone(seconds) if each.at_s <= fired.at_s]
        readings = sum(one.readings for each, one in until if each.at_s > began_s - rule.window_s)
        covered = [each for each, _ in until if each.at_s > fired.at_s - rule.dwell_s]
        held = [one for each, one in until if each.at_s >= began_s]
        assert fired.at_s - began_s >= rule.dwell_s - 0.02
        assert readings >= rule.min_readings
        assert len(covered) >= rule.coverage * rule.dwell_s - 0.02
        assert sum(one.score(rule.labels) >= rule.enter for one in held) >= 2
        assert fired.score >= rule.enter


@bounded
@given(
    alert_rules | patient_rules,
    st.lists(st.none() | levels, max_size=15),
    st.lists(st.none() | levels),
)
def test_a_spike_of_one_second_never_fires(
    rule: AlertRule, before: list[float | None], after: list[float | None]
) -> None:
    quiet = [None if level is None or level >= rule.enter else level for level in (*before, *after)]
    levels_seen = [*quiet[: len(before)], 1.0, *quiet[len(before) :]]
    seconds = [
        second(index, *([] if level is None else [person_second(level)]))
        for index, level in enumerate(levels_seen)
    ]
    assert decided(AlertEngine(AlertPolicy(rules=(rule,), watches=())), seconds) == []


actions = st.lists(
    st.tuples(
        st.integers(0, 70),
        st.sampled_from(["snooze", "lift", "delivered", "use", "lost", "stop"]),
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from(["pain", "count", "frozen", "camera lost"]),
    ),
    max_size=12,
)


@bounded
@given(st.lists(policies, min_size=2, max_size=2), streams(track_ids=5), actions)
def test_at_most_one_is_open_for_a_person_and_a_rule(
    pair: list[AlertPolicy],
    seconds: list[Second],
    asked: list[tuple[int, str, int | None, str]],
) -> None:
    engine = AlertEngine(pair[0])
    is_open: set[tuple[int | None, str]] = set()

    def note(changes: Sequence[Change]) -> None:
        for change in changes:
            who = change.person, change.rule.key
            assert (who in is_open) is (change.kind is ChangeKind.OVER)
            assert (change.ending is None) is (change.kind is ChangeKind.FIRED)
            is_open.symmetric_difference_update({who})

    for index, each in enumerate(seconds):
        note(engine.take(each))
        for action, person, key in [rest for when, *rest in asked if when == index]:
            match action:
                case "snooze":
                    engine.snooze(key, person, each.at_s + 6.0)
                case "lift":
                    engine.snooze(key, person, each.at_s)
                case "delivered":
                    engine.delivered(person, key, each.at_s)
                case "use":
                    note(engine.use(pair[index % 2]))
                case "lost":
                    note(engine.tick(each.at_s + 0.5, each.at_utc, lost_for_s=9.0))
                case _:
                    note(engine.stop(each.at_s + 0.5, each.at_utc))
    last = seconds[-1]
    note(engine.stop(last.at_s + 1.0, last.at_utc))
    assert is_open == set()


@bounded
@given(policies, streams(track_ids=5), st.lists(st.integers(-8, 320), max_size=20))
def test_replay_decides_the_same_whenever_there_were_ticks(
    policy: AlertPolicy, seconds: list[Second], quarters: list[int]
) -> None:
    # a camera that is lost for long shows in ticks alone, and replay makes those itself
    policy = replace(policy, watches=WATCHES[1:])
    engine = AlertEngine(policy)
    live = []
    for index, each in enumerate(seconds):
        for moment in [quarter / 4 for quarter in quarters if quarter // 4 == index]:
            at_utc = START_UTC + timedelta(seconds=moment)
            live += engine.tick(START_S + moment, at_utc, lost_for_s=None)
            engine.standing()
        live += engine.take(each)
    assert replay(seconds, policy) == tuple(live)


@bounded
@given(
    policies,
    streams(track_ids=5),
    st.lists(st.tuples(st.integers(0, 60), st.integers(-7200, 7200))),
)
def test_a_clock_that_jumps_changes_nothing(
    policy: AlertPolicy, seconds: list[Second], jumps: list[tuple[int, int]]
) -> None:
    jumping = [
        replace(each, at_utc=each.at_utc + timedelta(seconds=_jumped(jumps, index)))
        for index, each in enumerate(seconds)
    ]
    assert [_timeless(change) for change in replay(jumping, policy)] == [
        _timeless(change) for change in replay(seconds, policy)
    ]


def _jumped(jumps: list[tuple[int, int]], index: int) -> int:
    return sum(by_s for since, by_s in jumps if since <= index)


def _timeless(change: Change) -> tuple[object, ...]:
    trail = [(point.at_s, point.score) for point in change.trail]
    return change.kind, change.rule, change.person, change.at_s, change.score, trail, change.ending


@bounded
@given(policies, streams(track_ids=5))
def test_a_different_moment_on_the_same_clock_changes_nothing(
    policy: AlertPolicy, seconds: list[Second]
) -> None:
    shift_s = 123456.7
    later = [replace(each, at_s=each.at_s + shift_s) for each in seconds]
    assert [round(change.at_s - shift_s, 3) for change in replay(later, policy)] == [
        round(change.at_s, 3) for change in replay(seconds, policy)
    ]
