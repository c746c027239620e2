from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from core.expression.labels import FER7, FERPLUS8
from core.expression.reading import Reading
from core.monitoring.second import PersonSecond
from core.timeline.reading_tally import tally_of_columns, tally_of_seconds
from tests.support.seconds import BEGIN_UTC, person, second
from tests.support.tallies import looking

HAPPY, SAD, NEUTRAL, NOT_SURE = range(4)


def reading(top: str, labels: tuple[str, ...]) -> Reading:
    rest = 0.25 / (len(labels) - 1)
    return Reading(labels, tuple(0.75 if label == top else rest for label in labels))


@pytest.mark.parametrize(
    ("looks", "changes"),
    [
        pytest.param("hhsh", [[2, 0, 1, 1], [3, 1, 0, 1]], id="both-ways"),
        pytest.param("h s", [[1, HAPPY, SAD, 1]], id="over-a-missing-second"),
        pytest.param("h  s", [], id="not-over-two"),
        pytest.param("h?n", [[1, HAPPY, NOT_SURE, 1], [2, NOT_SURE, NEUTRAL, 1]], id="not-sure"),
        pytest.param("hhh", [], id="none"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_changes_lie_between_neighbours_and_count_in_the_later_one(
    looks: str, changes: list[list[int]]
) -> None:
    assert looking(looks).changes.tolist() == changes


@pytest.mark.parametrize("other", [(1, 2), (2, 1)], ids=["person", "session"])
def test_two_people_are_never_neighbours(other: tuple[int, int]) -> None:
    tally = tally_of_columns(
        ("happy", "sad"), [1, other[0]], [1, other[1]], [10, 11], np.eye(2), [np.nan] * 2, 0.5
    )
    assert len(tally) == 2
    assert tally.changes.tolist() == []


def test_rows_come_in_any_order() -> None:
    tally = tally_of_columns(
        ("happy", "sad"),
        [1, 1, 1],
        [1, 1, 1],
        [12, 10, 11],
        [[0.2, 0.8], [0.9, 0.1], [0.6, 0.4]],
        [0.5, np.nan, 0.25],
        [0.5, 0.5, 0.7],
    )
    assert tally.begin_s.tolist() == [10, 11, 12]
    assert tally.probabilities[:, 0].tolist() == [0.9, 0.6, 0.2]
    assert tally.top.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert tally.pain.tolist() == [0, 0.25, 0.5]
    assert tally.pain_seconds.tolist() == [0, 1, 1]
    assert tally.changes.tolist() == [[1, 0, 2, 1], [2, 2, 1, 1]]


@pytest.mark.parametrize(("confidence", "sure"), [(0.5, True), (0.4999, False)])
def test_a_confidence_that_reaches_the_line_is_sure(confidence: float, sure: bool) -> None:
    tally = tally_of_columns(
        ("a", "b", "c"), [1], [1], [0], [[confidence, 0.3, 0.2]], [np.nan], 0.5
    )
    assert tally.top.tolist() == [[1, 0, 0, 0] if sure else [0, 0, 0, 1]]


def test_a_second_counts_where_it_begins() -> None:
    tally = tally_of_seconds(7, [second(1, person(3)), second(0, person(3))], 0.5)
    begun_s = int((BEGIN_UTC - timedelta(seconds=1)).timestamp())
    assert tally.begin_s.tolist() == [begun_s, begun_s + 1]
    assert (set(tally.session), set(tally.track)) == ({7}, {3})
    assert tally.pain == pytest.approx([1234 / 65535] * 2)
    assert tally.seconds.tolist() == [1, 1]


def test_pain_is_the_shown_models_where_it_alone_knows_it() -> None:
    pained = PersonSecond(1, 5, reading("happy", labels=(*FER7, "pain")))
    plain = PersonSecond(2, 5, reading("happy", FER7))
    tally = tally_of_seconds(1, [second(0, pained, plain)], 0.5)
    assert tally.pain_seconds.tolist() == [1, 0]
    assert tally.pain[0] == pytest.approx(pained.shown.probability("pain"))


def test_models_may_change_among_seconds() -> None:
    plus = PersonSecond(1, 5, reading("happy", labels=FERPLUS8))
    seven = PersonSecond(1, 5, reading("sad", labels=FER7))
    tally = tally_of_seconds(1, [second(0, seven), second(1, plus)], 0.5)
    assert tally.labels == (*FER7, "contempt")
    assert tally.probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert [tally.labels[column] for column in tally.top.argmax(axis=1)] == ["sad", "happy"]
    ((row, before, after, count),) = tally.changes
    assert (row, tally.labels[before], tally.labels[after], count) == (1, "sad", "happy", 1)


def test_a_second_without_people_leaves_no_row() -> None:
    assert len(tally_of_seconds(1, [second(0)], 0.5)) == 0
