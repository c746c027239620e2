from __future__ import annotations

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.timeline.adding import coarser, joined, over_people, over_sessions
from core.timeline.reading_tally import tally_of_columns
from core.timeline.tally import ROW_COLUMNS, Tally, empty, rows
from tests.support.tallies import looking, tallies

MINUTES = (1, 2, 5, 60)


def assert_equal(one: Tally, other: Tally) -> None:
    for field in fields(Tally):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        assert np.array_equal(mine, theirs), field.name


def by_hand(tally: Tally, width_s: int, offset_s: int) -> dict[str, Counter[object]]:
    """Everything that adds up, counted row by row."""
    sums: dict[str, Counter[object]] = {name: Counter() for name in ("seconds", "top", "changes")}

    def key(row: int) -> tuple[int, ...]:
        piece = (tally.begin_s[row] - offset_s) // width_s
        return (tally.session[row], tally.track[row], piece * width_s + offset_s)

    for row in range(len(tally)):
        sums["seconds"][key(row)] += tally.seconds[row]
        for column, count in enumerate(tally.top[row]):
            sums["top"][*key(row), column] += count
    for row, before, after, count in tally.changes:
        sums["changes"][*key(row), before, after] += count
    return {name: Counter({k: n for k, n in each.items() if n}) for name, each in sums.items()}


@given(tallies(), st.sampled_from(MINUTES), st.integers(0, 59))
def test_wider_pieces_are_what_one_counts_by_hand(
    tally: Tally, width_s: int, offset_s: int
) -> None:
    wide = coarser(tally, width_s, offset_s)
    assert by_hand(wide, width_s, offset_s) == by_hand(tally, width_s, offset_s)
    keys = list(zip(wide.session, wide.track, wide.begin_s, strict=True))
    assert keys == sorted(set(keys))
    assert wide.width_s == width_s


@given(tallies(), st.sampled_from([(2, 4), (5, 60), (1, 30), (60, 3600)]))
def test_pieces_may_be_widened_in_steps(tally: Tally, widths: tuple[int, int]) -> None:
    first_s, then_s = widths
    assert_equal(coarser(coarser(tally, first_s), then_s), coarser(tally, then_s))


@given(
    st.lists(tallies(), min_size=1, max_size=4).flatmap(
        lambda all_: st.tuples(st.just(all_), st.permutations(all_))
    )
)
def test_tallies_may_be_joined_in_any_order(both: tuple[list[Tally], list[Tally]]) -> None:
    assert_equal(joined(both[0]), joined(both[1]))


@given(tallies(), st.integers(-60, 460))
def test_what_was_cut_in_two_is_joined_again(tally: Tally, cut_s: int) -> None:
    parts = [rows(tally, tally.begin_s < cut_s), rows(tally, tally.begin_s >= cut_s)]
    assert_equal(joined(parts), tally)
    assert sum(part.changes[:, 3].sum() for part in parts) == tally.changes[:, 3].sum()


@given(tallies())
def test_people_and_sessions_add_up(tally: Tally) -> None:
    for added in (over_people(tally), over_sessions(tally), over_sessions(over_people(tally))):
        for name in ROW_COLUMNS[3:-1]:
            assert getattr(added, name).sum() == getattr(tally, name).sum(), name
        assert added.changes[:, 3].sum() == tally.changes[:, 3].sum()
        assert added.pain_most.max(initial=0) == tally.pain_most.max(initial=0)
        assert set(added.begin_s) == set(tally.begin_s)
        assert set(added.track) <= {0}
    assert_equal(over_sessions(over_people(tally)), over_sessions(tally))


def test_label_sets_are_united_and_not_sure_stays_the_last_column() -> None:
    other = tally_of_columns(
        ("contempt", "happy"),
        [1, 1, 1],
        [1, 1, 1],
        [1, 2, 3],
        [[0.875, 0.125], [0.25, 0.75], [0.5, 0.5]],
        [np.nan] * 3,
        0.625,
    )
    both = joined([looking("s"), other])
    assert both.labels == ("happy", "sad", "neutral", "contempt")
    assert both.top.tolist() == [
        [0, 1, 0, 0, 0],
        [0, 0, 0, 1, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
    ]
    assert both.probabilities[2].tolist() == [0.75, 0, 0, 0.25]
    assert both.changes.tolist() == [[2, 3, 0, 1], [3, 0, 4, 1]]


def test_the_largest_pain_stays_the_largest() -> None:
    wide = coarser(looking("hhhh", pain={0: 0.25, 2: 0.5}), 60)
    assert (wide.pain.tolist(), wide.pain_seconds.tolist()) == ([0.75], [2])
    assert wide.pain_most.tolist() == [0.5]


@pytest.mark.parametrize(("width_s", "offset_s"), [(90, 0), (120, 30)])
def test_what_does_not_fit_is_refused(width_s: int, offset_s: int) -> None:
    with pytest.raises(ValueError, match="add up"):
        coarser(empty(60), width_s, offset_s)


@pytest.mark.parametrize("made", [over_people, over_sessions, lambda tally: coarser(tally, 3600)])
def test_nothing_stays_nothing(made: object) -> None:
    assert len(made(empty(60, ("happy",)))) == 0  # type: ignore[operator]
