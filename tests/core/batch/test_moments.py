from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture

from core.batch.moments import APART_S, MOST_MOMENTS, MOST_OF_A_LABEL, MomentKeeper
from core.batch.video_summary import Moment
from core.expression.labels import FER7
from core.expression.reading import Reading
from core.monitoring.observation import Observation, ObservedFace
from tests.support.observing import observation, observed_face

PICTURE = np.full((480, 640, 3), 90, np.uint8)


def looking(label: str, share: float, track_id: int = 1) -> ObservedFace:
    rest = (1 - share) / (len(FER7) - 1)
    found = Reading(FER7, tuple(share if name == label else rest for name in FER7))
    return replace(observed_face(track_id), raw=found, smoothed=found, label=label)


def kept(folder: Path, *samples: Observation) -> list[tuple[str, float, float]]:
    keeper = MomentKeeper()
    for sample in samples:
        keeper.take(sample, PICTURE)
    return [(one.label, one.at_s, round(one.score, 3)) for one in keeper.write(folder)]


def at(at_s: float, label: str, share: float) -> Observation:
    return observation(looking(label, share), at_s=at_s)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        pytest.param([], [], id="nothing was read"),
        pytest.param(
            [at(0, "happy", 0.6), at(1, "happy", 0.9), at(2, "happy", 0.7)],
            [("happy", 1, 0.9)],
            id="one smile, its peak",
        ),
        pytest.param(
            [at(0, "happy", 0.9), at(APART_S, "happy", 0.6)],
            [("happy", 0, 0.9), ("happy", APART_S, 0.6)],
            id="two smiles",
        ),
        pytest.param(
            [at(0, "happy", 0.9), at(0.2, "sad", 0.6)],
            [("happy", 0, 0.9), ("sad", 0.2, 0.6)],
            id="expressions do not crowd each other out",
        ),
        pytest.param([at(0, "neutral", 0.99)], [], id="neutral is nothing to show"),
        pytest.param(
            [at(0, "happy", 0.8), at(4, "happy", 0.7), at(8, "happy", 0.9)],
            [("happy", 0, 0.8), ("happy", 8, 0.9)],
            id="too near to both neighbours",
        ),
        pytest.param(
            [at(0, "happy", 0.8), at(6, "happy", 0.7), at(3, "happy", 0.9)],
            [("happy", 3, 0.9)],
            id="the higher one takes the place of all near it",
        ),
    ],
)
def test_peaks_of_each_expression_spaced_apart(
    tmp_path: Path, samples: list[Observation], expected: list[tuple[str, float, float]]
) -> None:
    assert kept(tmp_path, *samples) == expected


@pytest.mark.parametrize(
    "face",
    [
        pytest.param(replace(looking("happy", 0.9), label=None), id="not sure"),
        pytest.param(replace(looking("happy", 0.9), label="sad"), id="the word is another one"),
        pytest.param(replace(looking("happy", 0.9), raw=None), id="not read in this picture"),
        pytest.param(observed_face(read=False), id="never read"),
    ],
)
def test_only_what_is_surely_named_counts(tmp_path: Path, face: ObservedFace) -> None:
    assert kept(tmp_path, observation(face)) == []


def test_of_several_faces_the_clearest_is_named(tmp_path: Path) -> None:
    keeper = MomentKeeper()
    faces = (looking("happy", 0.7, 1), looking("happy", 0.9, 2), looking("sad", 0.6, 3))
    keeper.take(observation(*faces), PICTURE)
    found = keeper.write(tmp_path)
    assert {(one.label, one.person) for one in found} == {("happy", 2), ("sad", 3)}


def test_the_strongest_of_a_long_video_are_few(tmp_path: Path) -> None:
    shares = {"happy": 0.9, "sad": 0.8, "angry": 0.7}
    keeper = MomentKeeper()
    for minute in range(200):
        for offset, (label, share) in enumerate(shares.items()):
            grown = share + minute % 50 / 1000
            keeper.take(at(60 * minute + 10 * offset, label, grown), PICTURE)
            assert sum(map(len, keeper._peaks.values())) <= len(shares) * MOST_OF_A_LABEL
    found = keeper.write(tmp_path)
    assert len(found) == MOST_MOMENTS
    assert [one.at_s for one in found] == sorted(one.at_s for one in found)
    assert {one.label for one in found} == set(shares)
    assert all(one.score == pytest.approx(shares[one.label] + 0.049) for one in found)


def test_each_has_a_small_picture_with_the_faces_marked(tmp_path: Path) -> None:
    keeper = MomentKeeper()
    keeper.take(at(3.2, "happy", 0.9), PICTURE)
    (moment,) = keeper.write(tmp_path / "moments")
    assert moment == Moment("happy", 3.2, pytest.approx(0.9), 1, moment.picture)
    with Picture.open(tmp_path / "moments" / moment.picture) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 360))
        assert np.asarray(picture).std() > 5  # the plain ground has a box and words on it
