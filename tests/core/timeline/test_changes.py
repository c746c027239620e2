from __future__ import annotations

import numpy as np
from hypothesis import given

from core.timeline.adding import coarser, joined
from core.timeline.changes import changes_between
from core.timeline.tally import Tally
from tests.support.tallies import looking, tallies

HAPPY, SAD, NEUTRAL, UNSURE = range(4)


def test_changes_of_all_people_are_counted_by_before_and_after() -> None:
    found = changes_between(joined([looking("hnhns"), looking("hn?", track=2)]))
    assert found.counts[HAPPY, NEUTRAL] == 3
    assert found.counts[NEUTRAL, HAPPY] == 1
    assert found.counts[NEUTRAL, SAD] == 1
    assert found.counts[NEUTRAL, UNSURE] == 1
    assert found.counts.sum() == 6
    assert found.share[NEUTRAL].tolist() == [1 / 3, 1 / 3, 0, 1 / 3]


def test_a_row_without_changes_has_no_shares() -> None:
    assert np.isnan(changes_between(looking("hs")).share[SAD]).all()


@given(tallies())
def test_wider_pieces_keep_every_change(tally: Tally) -> None:
    found = changes_between(tally).counts
    assert np.array_equal(changes_between(coarser(tally, 60)).counts, found)
    assert not found.diagonal().any()
