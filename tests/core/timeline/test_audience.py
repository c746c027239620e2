from __future__ import annotations

import numpy as np
import pytest

from core.timeline.adding import coarser, joined
from core.timeline.audience import Audience, SharedMoment, audience
from tests.support.tallies import looking


def crowd(*rows: str) -> Audience:
    return audience(joined([looking(looks, track) for track, looks in enumerate(rows, 1)]))


def test_faces_are_counted_piece_by_piece() -> None:
    found = crowd("hh n", "hn n", " s n")
    assert found.begin_s.tolist() == [0, 1, 3]
    assert found.faces.tolist() == [2, 3, 3]
    assert found.looking[:, 0].tolist() == [2, 1, 0]
    assert found.share.sum(axis=1) == pytest.approx([1, 1, 1])
    assert found.faces_most == 3
    assert found.faces_mean == pytest.approx(8 / 3)


def test_the_share_that_looks_so_is_of_all_faces_time() -> None:
    found = crowd("hhn?", "ssnn")
    assert found.part_looking("happy") == pytest.approx(2 / 8)
    assert found.part_lively == pytest.approx(4 / 8)


@pytest.mark.parametrize(
    ("rows", "moment"),
    [
        pytest.param(("hnh", "nhh", "nnh"), SharedMoment(2, 3, 3), id="most-faces"),
        pytest.param(("nhh", "nhh", "nn "), SharedMoment(2, 2, 2), id="then-the-largest-share"),
        pytest.param(("nhh", "nhh"), SharedMoment(1, 2, 2), id="then-the-first"),
        pytest.param(("n?s",), None, id="never"),
        pytest.param(("",), None, id="nobody"),
    ],
)
def test_the_moment_shared_by_most(rows: tuple[str, ...], moment: SharedMoment | None) -> None:
    assert crowd(*rows).most_shared("happy") == moment


def test_the_liveliest_moment_takes_any_expression_but_neutral_and_not_sure() -> None:
    assert crowd("hnh", "?ns", "nnh").liveliest == SharedMoment(2, 3, 3)
    assert crowd("n?n").liveliest is None


def test_wider_pieces_count_faces_on_average() -> None:
    tally = joined([looking("h" * 60), looking("n" * 30, 2)])
    found = audience(coarser(tally, 60))
    assert found.faces.tolist() == [1.5]
    assert found.share[0, :3] == pytest.approx([2 / 3, 0, 1 / 3])


def test_an_empty_hall() -> None:
    found = crowd("")
    assert (found.faces_mean, found.faces_most, found.part_lively) == (0, 0, 0)
    assert np.size(found.share) == 0
