from __future__ import annotations

import numpy as np

from core.timeline.adding import coarser, joined
from core.timeline.lanes import LOOKS_UNSURE, NOT_THERE, Person, lanes
from tests.support.tallies import looking

HAPPY, SAD, NEUTRAL = range(3)


def test_the_longest_seen_come_in_the_order_in_which_they_came() -> None:
    tally = joined(
        [
            looking("hh", track=1, first_s=100),
            looking("sss?", track=2, first_s=102),
            looking("nnn", track=7, session=2, first_s=98),
            looking("h", track=9, session=2, first_s=90),
        ]
    )
    found = lanes(tally, 2)
    assert found.people == (Person(2, 7, 3), Person(1, 2, 4))
    assert found.others == 2
    assert found.begin_s.tolist() == list(range(90, 106))
    assert found.looks[0, 8:11].tolist() == [NEUTRAL] * 3
    assert found.looks[1, 12:].tolist() == [SAD, SAD, SAD, LOOKS_UNSURE]
    assert np.count_nonzero(found.looks != NOT_THERE) == 7


def test_a_piece_shows_what_was_likeliest_for_longest() -> None:
    found = lanes(coarser(looking("hss" + " " * 58 + "??h"), 60), 5)
    assert found.looks.tolist() == [[SAD, LOOKS_UNSURE]]
    assert found.begin_s.tolist() == [0, 60]


def test_a_gap_is_somebody_not_there() -> None:
    assert lanes(looking("h  h"), 5).looks.tolist() == [[HAPPY, NOT_THERE, NOT_THERE, HAPPY]]


def test_nobody_has_no_lane() -> None:
    found = lanes(looking(""), 5)
    assert (found.people, found.others, len(found.begin_s)) == ((), 0, 0)
