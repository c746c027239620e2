"""A person whose track id changes keeps the episode; two people stay two."""

from __future__ import annotations

import pytest

from core.alerts.change import Change
from core.alerts.engine import AlertEngine
from core.alerts.people import MOST_IDS, People
from core.alerts.policy import AlertPolicy
from core.alerts.rule import AlertRule
from core.monitoring.second import Second
from tests.support.person_seconds import START_S, person_second, second, seconds_of_many

RULE = AlertRule("pain", "Pain", ("pain",), window_s=1.0, clear_after_s=4.0, cooldown_s=10.0)

P, N = 0.9, 0.1
"""Pain, none."""


def played(seconds: list[Second]) -> list[tuple[str, int | None, float]]:
    """What was decided, of whom, in which second."""
    engine = AlertEngine(AlertPolicy(rules=(RULE,), watches=()))
    return [_said(change) for each in seconds for change in engine.take(each)]


def _said(change: Change) -> tuple[str, int | None, float]:
    return (change.ending or change.kind).value, change.person, change.at_s - START_S


@pytest.mark.parametrize(
    ("rows", "decided"),
    [
        pytest.param(
            [{1: P}] * 6 + [{}] * 3 + [{2: P}] * 60,
            [("fired", 1, 5)],
            id="a new id goes on firing",
        ),
        pytest.param(
            [{1: P}] * 6 + [{}] * 3 + [{2: N}] * 5,
            [("fired", 1, 5), ("cleared", 1, 13)],
            id="and ends under the id that was told",
        ),
        pytest.param(
            [{1: P}] * 6 + [{2: P}] * 3 + [{3: P}] * 3 + [{4: N}] * 5,
            [("fired", 1, 5), ("cleared", 1, 16)],
            id="several changes",
        ),
        pytest.param(
            [{1: P}] * 3 + [{2: P}] * 3,
            [("fired", 2, 5)],
            id="the dwell goes on, and is told under the id in the picture",
        ),
        pytest.param(
            [{1: P}] * 6 + [{1: N}] * 5 + [{2: P}] * 7,
            [("fired", 1, 5), ("cleared", 1, 10), ("fired", 2, 16)],
            id="the cooldown goes with the person",
        ),
        pytest.param(
            [{1: P, 2: P}] * 8,
            [("fired", 1, 5), ("fired", 2, 5)],
            id="two people, two episodes",
        ),
        pytest.param(
            [{1: P, 2: N}] * 6 + [{2: N}] * 2 + [{2: N, 3: P}] * 30,
            [("fired", 1, 5)],
            id="who is there does not take over",
        ),
        pytest.param(
            [{1: P, 2: N}] * 6 + [{1: P}] * 2 + [{}] * 2 + [{3: P}] * 30,
            [("fired", 1, 5)],
            id="an open episode before who left last",
        ),
        pytest.param(
            [{1: N, 2: P}] * 6 + [{1: N}] * 2 + [{}] * 2 + [{3: P}] * 30,
            [("fired", 2, 5)],
            id="and before who was there longer",
        ),
        pytest.param(
            [{1: P, 2: P}] * 6 + [{2: P}] * 2 + [{}] * 2 + [{3: N}] * 5,
            [("fired", 1, 5), ("fired", 2, 5), ("cleared", 2, 14)],
            id="of two open ones, who was lost last",
        ),
        pytest.param(
            [{1: P, 2: P}] * 6 + [{}] * 2 + [{3: P, 4: P}] * 30,
            [("fired", 1, 5), ("fired", 2, 5)],
            id="two for two",
        ),
        pytest.param(
            [{1: P}] * 3 + [{2: P}] * 3 + [{1: N, 2: P}] * 30,
            [("fired", 2, 5)],
            id="where they part, the episode stays with whom it was told of",
        ),
        pytest.param(
            [{1: P}] * 6 + [{1: P, 2: P}] * 7,
            [("fired", 1, 5), ("fired", 2, 11)],
            id="who comes while nobody is missing is somebody else",
        ),
        pytest.param(
            [{1: P}] * 6 + [{}] + [{2: N}] + [{1: P, 2: N}] * 30 + [{2: N}] * 30,
            [("fired", 1, 5)],
            id="taken for the other, they part when both show up",
        ),
        pytest.param(
            [{1: P}] * 6 + [{}] + [{2: N}] + [{1: N, 2: P}] * 6,
            [("fired", 1, 5), ("cleared", 1, 11), ("fired", 2, 13)],
            id="then each goes their own way",
        ),
    ],
)
def test_who_is_who(rows: list[dict[int, float]], decided: list[tuple[str, int, float]]) -> None:
    assert played(seconds_of_many(rows)) == decided


def test_an_id_that_changes_within_a_second_is_one_person() -> None:
    seconds = [
        *seconds_of_many([{1: P}] * 6),
        # two ids, but never more than one face at once
        second(6, person_second(P, 1, readings=9), person_second(P, 2, readings=6), faces=1),
        *seconds_of_many([{2: P}] * 30, first=7),
    ]
    assert played(seconds) == [("fired", 1, 5)]


@pytest.mark.parametrize(
    ("pain", "by_readings", "decided"),
    [
        pytest.param((P, N), (12, 3), [("fired", 1, 5)], id="the first id"),
        pytest.param((P, N), (3, 12), [], id="the second id"),
    ],
)
def test_of_two_ids_in_one_second_the_one_with_more_readings_counts(
    pain: tuple[float, float], by_readings: tuple[int, int], decided: list[tuple[str, int, float]]
) -> None:
    both = [
        person_second(level, track_id, readings)
        for track_id, (level, readings) in enumerate(zip(pain, by_readings, strict=True), 1)
    ]
    seconds = [*seconds_of_many([{1: P}] * 5), second(5, *both, faces=1)]
    assert played(seconds) == decided


def test_both_ids_of_open_episodes_stay_one_person() -> None:
    # fired under 1 for one rule and under 2 for another; nobody can tell whose each is
    slow = AlertRule("slow", "Slow", ("pain",), window_s=1.0, dwell_s=9.0)
    engine = AlertEngine(AlertPolicy(rules=(RULE, slow), watches=()))
    rows = [{1: P}] * 6 + [{2: P}] * 6 + [{1: P, 2: P}] * 30
    changes = [change for each in seconds_of_many(rows) for change in engine.take(each)]
    assert [(change.rule.key, change.person) for change in changes] == [("pain", 1), ("slow", 2)]


def test_whom_nobody_saw_for_long_is_not_taken_for_somebody() -> None:
    rows = [{1: P}] * 6 + [{}] * 600 + [{2: P}] * 6
    assert played(seconds_of_many(rows)) == [
        ("fired", 1, 5),
        ("unseen", 1, 605),
        ("fired", 2, 611),
    ]


def test_an_answer_under_either_id_reaches_the_person() -> None:
    engine = AlertEngine(AlertPolicy(rules=(RULE,), watches=()))
    for each in seconds_of_many([{1: P}] * 6 + [{2: P}] * 2 + [{2: N}] * 5):
        engine.take(each)
    engine.snooze("pain", 1, START_S + 60)
    changes = [
        change for each in seconds_of_many([{2: P}] * 60, first=13) for change in engine.take(each)
    ]
    assert [_said(change) for change in changes] == [("fired", 2, 60)]


def test_of_thousands_of_ids_the_old_ones_are_forgotten_but_not_the_one_that_was_told() -> None:
    people = People([RULE])
    rows = [{1: P}] * 3 + [{track_id: P} for track_id in range(2, 10 * MOST_IDS)]
    changes = [change for each in seconds_of_many(rows) for change in people.take(each)]
    assert [_said(change) for change in changes] == [("fired", 4, 5)]
    (person,) = people.known()
    assert people.by_track(4) is people.by_track(10 * MOST_IDS - 1) is person
    assert people.by_track(9 * MOST_IDS - 2) is None
