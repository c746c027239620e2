from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.monitoring.observation import Observation, ObservedFace
from core.monitoring.second import Second
from core.monitoring.second_meter import UNCOMPARED_MOTION, SecondMeter
from tests.support.observing import START_UTC, observation, observed_face, reading

WITH_PAIN = ("pain", "sad", "neutral")


def seconds_of(*observations: Observation) -> list[Second]:
    meter = SecondMeter()
    given_out = [meter.take(one) for one in observations] + [meter.flush()]
    return [second for second in given_out if second is not None]


def frames(*at_s: float, face: ObservedFace | None = None) -> list[Observation]:
    faces = () if face is None else (face,)
    return [observation(*faces, at_s=moment_s) for moment_s in at_s]


def test_a_second_is_given_out_when_the_next_begins() -> None:
    meter = SecondMeter()
    assert [meter.take(one) for one in frames(100.5, 101.0, 101.4)] == [None] * 3
    second = meter.take(observation(at_s=101.6))
    assert second is not None
    assert second.at_s == pytest.approx(101.5)
    assert second.at_utc == START_UTC + timedelta(seconds=101.5)
    assert second.frames == 3
    assert second.people == ()


def test_readings_are_averaged_per_person_over_readable_faces_only() -> None:
    watched = reading(0.1, WITH_PAIN)
    (second,) = seconds_of(
        observation(observed_face(1, happy=0.9, watched=watched), observed_face(2), at_s=0.0),
        observation(observed_face(1, happy=0.5, watched=reading(0.3, WITH_PAIN)), at_s=0.3),
        observation(observed_face(1, read=False), observed_face(3, read=False), at_s=0.6),
    )
    first, other = second.people
    assert (first.track_id, first.readings, other.track_id) == (1, 2, 2)
    assert first.shown.probability("happy") == pytest.approx(0.7, abs=1e-5)
    assert first.watched is not None
    assert first.watched.probability("pain") == pytest.approx(0.2, abs=1e-5)
    assert other.watched is None
    assert second.faces == 2


def test_the_picture_is_summed_up() -> None:
    (second,) = seconds_of(
        observation(at_s=0, brightness=100, motion=None),
        observation(at_s=0.2, brightness=130, motion=0.5),
        observation(at_s=0.4, brightness=100, motion=2.0),
    )
    assert (second.brightness, second.motion) == (pytest.approx(110), 2.0)


def test_a_first_frame_alone_counts_as_moving() -> None:
    (second,) = seconds_of(observation(motion=None))
    assert second.motion == UNCOMPARED_MOTION


def test_another_model_in_mid_second_counts_alone() -> None:
    (second,) = seconds_of(
        observation(observed_face(happy=0.2), at_s=0.1),
        observation(observed_face(happy=0.6, labels=WITH_PAIN), at_s=0.2),
    )
    (person,) = second.people
    assert person.shown.labels == WITH_PAIN
    assert person.shown.probabilities == pytest.approx((0.6, 0.2, 0.2), abs=1e-5)
    assert person.readings == 2


def test_seconds_without_frames_are_left_out() -> None:
    assert [second.at_s for second in seconds_of(*frames(0, 3.5))] == [1, 4]


def test_a_silent_camera_gives_out_its_last_second_and_a_late_frame_counts_in_the_next() -> None:
    meter = SecondMeter()
    for one in frames(0, 0.5):
        meter.take(one)
    assert meter.flush_until(0.9) is None
    done = meter.flush_until(1.0)
    assert done is not None
    assert meter.flush_until(5.0) is None
    meter.take(observation(at_s=0.95))
    late = meter.flush()
    assert late is not None
    assert (done.at_s, late.at_s) == (1, 2)


def test_a_wall_clock_that_is_set_moves_no_second() -> None:
    early, late = frames(0, 1.5)
    set_back = replace(late, taken_utc=late.taken_utc - timedelta(hours=1))
    assert [second.at_utc for second in seconds_of(early, set_back)] == [
        START_UTC + timedelta(seconds=1),
        START_UTC + timedelta(seconds=2),
    ]


@given(st.lists(st.floats(0, 3), min_size=1, max_size=40))
def test_no_frame_is_lost_and_seconds_lie_apart(gaps_s: list[float]) -> None:
    moment_s, moments = 7.3, []
    for gap_s in gaps_s:
        moment_s += gap_s
        moments.append(moment_s)
    seconds = seconds_of(*frames(*moments))
    assert sum(second.frames for second in seconds) == len(moments)
    assert all(b.at_s - a.at_s >= 1 - 1e-9 for a, b in pairwise(seconds))
