from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.monitoring.history import MOST_TRACKS, ReadingHistory
from tests.support.observing import observation, observed_face


def _history(*moments: tuple[float, float]) -> ReadingHistory:
    """From pairs of seconds and the probability of "happy"."""
    history = ReadingHistory(window_s=10, step_s=0.5)
    for at_s, happy in moments:
        history.add(observation(observed_face(happy=happy), at_s=at_s))
    return history


def test_readings_of_one_step_are_averaged() -> None:
    series = _history((0.1, 0.2), (0.3, 0.6), (0.6, 1.0)).series(1)
    assert series is not None
    assert series.probabilities[:, series.labels.index("happy")] == pytest.approx([0.4, 1.0])
    assert np.diff(series.captured_s) == pytest.approx(0.5)


@pytest.mark.parametrize("gap_s", [1.5, 5], ids=["two steps missing", "ten"])
def test_a_gap_breaks_the_line(gap_s: float) -> None:
    series = _history((0, 0.5), (gap_s, 0.5)).series(1)
    assert series is not None
    assert [bool(np.isnan(row).all()) for row in series.probabilities] == [False, True, False]


def test_one_missing_step_is_no_gap() -> None:
    series = _history((0, 0.5), (1, 0.5)).series(1)
    assert series is not None
    assert not np.isnan(series.probabilities).any()


def test_what_leaves_the_window_is_forgotten() -> None:
    history = ReadingHistory(window_s=10, step_s=0.5)
    for tenth in range(600):
        history.add(observation(observed_face(), at_s=tenth / 10))
    series = history.series(1)
    assert series is not None
    assert len(series) == 20


def test_a_person_who_left_is_forgotten_after_the_window() -> None:
    history = _history((0, 0.5))
    history.add(observation(at_s=9))
    assert history.track_ids() == (1,)
    history.add(observation(at_s=10.5))
    assert history.track_ids() == ()
    assert history.series(1) is None


def test_an_unreadable_face_adds_no_reading() -> None:
    history = ReadingHistory()
    history.add(observation(observed_face(read=False), at_s=0))
    assert history.series(1) is None


def test_what_was_read_before_is_not_drawn_on_while_the_face_is_unreadable() -> None:
    history = _history((0, 0.5))
    history.add(observation(replace(observed_face(), raw=None), at_s=1))
    series = history.series(1)
    assert series is not None
    assert len(series) == 1


def test_memory_is_bounded_however_many_people_pass() -> None:
    history = ReadingHistory()
    for track_id in range(1, 200):
        history.add(observation(observed_face(track_id=track_id), at_s=track_id * 0.1))
    assert history.track_ids() == tuple(range(200 - MOST_TRACKS, 200))


def test_another_label_set_starts_anew() -> None:
    history = _history((0, 0.5))
    history.add(observation(observed_face(labels=("neutral", "pain")), at_s=1))
    series = history.series(1)
    assert series is not None
    assert series.labels == ("neutral", "pain")
    assert len(series) == 1
