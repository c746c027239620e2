from __future__ import annotations

import pytest

from core.batch.replay import Replay, usual_step_s
from core.tables.row import ReadingRow
from tests.support.observing import reading

SURE_FROM = 0.45


def row(
    at_s: float | None,
    left: float = 0.0,
    person: int | None = 1,
    happy: float | None = 0.9,
    notes: str = "",
    side: float = 80.0,
) -> ReadingRow:
    return ReadingRow(
        "clip",
        "video",
        at_s=at_s,
        person=person,
        box_xyxy_px=None if person is None else (left, 0.0, left + side, side),
        reading=None if happy is None or person is None else reading(happy),
        notes=notes,
    )


def lefts(rows: list[ReadingRow], *moments_s: float) -> list[list[float]]:
    replay = Replay(rows, 0.2, SURE_FROM)
    return [[round(face.box.left, 3) for face in replay.at(at_s)] for at_s in moments_s]


@pytest.mark.parametrize(
    ("rows", "moments_s", "expected"),
    [
        pytest.param([], [0, 1], [[], []], id="nobody"),
        pytest.param(
            [row(0, 0), row(0.2, 20)],
            [0, 0.05, 0.1, 0.2, 0.3, 0.5],
            [[0], [5], [10], [20], [20], []],
            id="between two samples, then as long as one",
        ),
        pytest.param([row(1.0, 50)], [0, 0.9, 1.0], [[], [], [50]], id="not before they come"),
        pytest.param(
            [row(0, 0), row(0.4, 40)], [0.1, 0.3], [[10], [30]], id="missed once: bridged"
        ),
        pytest.param(
            [row(0, 0), row(2, 100)], [0.1, 0.3, 1, 2], [[0], [], [], [100]], id="away for long"
        ),
        pytest.param(
            [row(0, 0), row(0, 300, 2, side=90), row(0.2, 10), row(0.2, 300, 2, side=90)],
            [0.1],
            [[300, 5]],
            id="two people, the larger first",
        ),
        pytest.param([row(None, person=None), row(0, 7)], [0], [[7]], id="rows of nobody"),
    ],
)
def test_where_faces_are_between_samples(
    rows: list[ReadingRow], moments_s: list[float], expected: list[list[float]]
) -> None:
    assert lefts(rows, *moments_s) == expected


def test_words_are_steady_as_on_live() -> None:
    happy = [0.9, 0.9, 0.3, 0.9, 0.9]  # one sample that is off
    rows = [row(index / 5, happy=share) for index, share in enumerate(happy)]
    replay = Replay(rows, 0.2, SURE_FROM)
    assert [replay.at(index / 5)[0].label for index in range(5)] == ["happy"] * 5


def test_a_face_that_was_not_read_tells_why() -> None:
    replay = Replay([row(0, happy=None, notes="too small; too dark")], 0.2, SURE_FROM)
    (face,) = replay.at(0)
    assert face.smoothed is None
    assert not face.quality.readable
    assert face.quality.notes == ("too small", "too dark")


def test_what_is_remembered_does_not_grow() -> None:
    rows = [row(index / 5, person=1 + index // 5) for index in range(5000)]
    replay = Replay(rows, 0.2, SURE_FROM)
    for index in range(5000):
        replay.at(index / 5)
        assert len(replay._near) < 10
        assert len(replay._people._people) < 10


@pytest.mark.parametrize(
    ("times_s", "expected_s"),
    [
        pytest.param([0, 0.2, 0.4, 0.6], 0.2, id="regular"),
        pytest.param([0, 0, 0.5, 0.5, 1.0], 0.5, id="several faces at once"),
        pytest.param([0, 0.2, 0.4, 5.0, 5.2], 0.2, id="with a gap"),
        pytest.param([3.0], 0.2, id="only one"),
        pytest.param([], 0.2, id="none"),
    ],
)
def test_the_usual_step_from_sample_to_sample(times_s: list[float], expected_s: float) -> None:
    assert usual_step_s(row(at_s) for at_s in times_s) == pytest.approx(expected_s)
