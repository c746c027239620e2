"""Ids that stay, boxes that do not jitter."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from core.vision.face import Box, Face
from core.vision.tracker import FaceTracker

LOOK_S = 1 / 15


def face_at(x: float, y: float = 200, side: float = 100) -> Face:
    return Face(Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2))


def ids_of(tracker: FaceTracker, *faces: Face, at_s: float) -> list[int]:
    return [tracked.track_id for tracked in tracker.update(faces, at_s)]


@pytest.mark.parametrize(
    "centre_x",
    [
        pytest.param(lambda t: 300, id="still"),
        pytest.param(lambda t: 100 + 300 * t, id="walks by: three faces a second"),
        pytest.param(lambda t: 300 + 150 * math.sin(4 * t), id="sways"),
        pytest.param(lambda t: 300 + random.Random(t).uniform(-8, 8), id="jitters"),
    ],
)
def test_one_person_keeps_one_id(centre_x: Callable[[float], float]) -> None:
    tracker = FaceTracker()
    seen = [ids_of(tracker, face_at(centre_x(i * LOOK_S)), at_s=i * LOOK_S) for i in range(30)]
    assert seen == [[1]] * 30


def test_a_slow_analysis_keeps_the_id_of_somebody_who_moves() -> None:
    tracker = FaceTracker()
    assert ids_of(tracker, face_at(100), at_s=0.0) == [1]
    assert ids_of(tracker, face_at(180), at_s=0.5) == [1]


def test_ids_follow_people_and_not_the_order_of_the_faces() -> None:
    tracker = FaceTracker()
    assert ids_of(tracker, face_at(100), face_at(400), at_s=0) == [1, 2]
    assert ids_of(tracker, face_at(402), face_at(98), at_s=LOOK_S) == [2, 1]


def test_two_who_cross_keep_their_ids_though_one_is_hidden_meanwhile() -> None:
    tracker = FaceTracker()
    for i in range(31):
        t = i * LOOK_S
        left, right = face_at(100 + 200 * t), face_at(500 - 200 * t, side=90)
        hidden = abs(left.box.centre_xy[0] - right.box.centre_xy[0]) < 60
        seen = ids_of(tracker, *([left] if hidden else [left, right]), at_s=t)
        assert seen == ([1] if hidden else [1, 2])


@pytest.mark.parametrize(
    ("missed_s", "expected"), [(0.2, 1), (1.0, 1), (1.4, 1), (1.6, 2), (60.0, 2)]
)
def test_who_returns_soon_is_the_same_person(missed_s: float, expected: int) -> None:
    tracker = FaceTracker()
    ids_of(tracker, face_at(300), at_s=0)
    assert ids_of(tracker, at_s=LOOK_S) == []
    assert ids_of(tracker, face_at(310), at_s=missed_s) == [expected]


def test_one_id_is_never_given_to_two() -> None:
    tracker = FaceTracker()
    ids_of(tracker, face_at(300), at_s=0)
    assert ids_of(tracker, face_at(330), face_at(290), at_s=LOOK_S) == [2, 1]


def test_a_newcomer_far_away_is_somebody_else() -> None:
    tracker = FaceTracker()
    ids_of(tracker, face_at(100), at_s=0)
    assert ids_of(tracker, face_at(400), at_s=LOOK_S) == [2]


def test_a_face_of_another_size_is_somebody_else() -> None:
    tracker = FaceTracker()
    ids_of(tracker, face_at(300, side=200), at_s=0)
    assert ids_of(tracker, face_at(300, side=60), at_s=LOOK_S) == [2]


def test_two_cameras_count_for_themselves() -> None:
    hall, kitchen = FaceTracker(), FaceTracker()
    ids_of(hall, face_at(100), face_at(400), at_s=0)
    assert ids_of(kitchen, face_at(400), at_s=0) == [1]
    assert ids_of(hall, face_at(400), at_s=LOOK_S) == [2]


def test_a_still_face_jitters_less_than_its_detections() -> None:
    tracker, noise = FaceTracker(), random.Random(1)
    found, shown = [], []
    for i in range(200):
        (tracked,) = tracker.update([face_at(300 + noise.gauss(0, 2))], i * LOOK_S)
        found.append(tracked.face.box.left)
        shown.append(tracked.box.left)
    assert steps(shown) < 0.5 * steps(found)


def steps(values: list[float]) -> float:
    return sum(abs(after - before) for before, after in pairwise(values))


@pytest.mark.parametrize("look_s", [1 / 30, 1 / 10], ids=["30 looks a second", "10 looks a second"])
def test_the_box_follows_somebody_who_walks(look_s: float) -> None:
    tracker = FaceTracker()
    for i in range(round(2 / look_s)):
        (tracked,) = tracker.update([face_at(100 + 200 * i * look_s)], i * look_s)
        assert tracked.box.overlap(tracked.face.box) > 0.65


def test_a_jump_within_reach_is_followed_within_three_looks() -> None:
    tracker = FaceTracker()
    for i in range(10):
        tracker.update([face_at(100)], i * LOOK_S)
    for i in range(10, 13):
        (tracked,) = tracker.update([face_at(150)], i * LOOK_S)
    assert tracked.box.centre_xy[0] > 140


def test_says_how_long_a_person_is_there() -> None:
    tracker = FaceTracker()
    assert tracker.update([face_at(100)], 10.0)[0].seen_for_s == 0
    assert tracker.update([face_at(101)], 10.5)[0].seen_for_s == pytest.approx(0.5)


def test_the_same_time_twice_changes_nothing_and_breaks_nothing() -> None:
    tracker = FaceTracker()
    tracker.update([face_at(100)], 1.0)
    (tracked,) = tracker.update([face_at(110)], 1.0)
    assert (tracked.track_id, tracked.box) == (1, face_at(100).box)
