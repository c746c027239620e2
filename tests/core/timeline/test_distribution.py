from __future__ import annotations

import pytest

from core.timeline.adding import coarser, joined
from core.timeline.distribution import distribution
from tests.support.tallies import looking


def test_everybodys_seconds_count() -> None:
    found = distribution(joined([looking("hhh?"), looking("n n", track=2)]))
    assert found.looks == ("happy", "sad", "neutral", "not sure")
    assert found.seconds.tolist() == [3, 0, 2, 1]
    assert found.total_s == 6
    assert found.share == pytest.approx([3 / 6, 0, 2 / 6, 1 / 6])


def test_wider_pieces_tell_the_same() -> None:
    tally = looking("hhs?nnh")
    assert distribution(coarser(tally, 60)).seconds.tolist() == distribution(tally).seconds.tolist()


def test_nobody_looks_any_way() -> None:
    assert distribution(looking("")).share.tolist() == [0, 0, 0, 0]
