"""Readings, their words, and calm over time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.expression.labels import FER7
from core.expression.reading import Reading
from core.expression.smoothing import ReadingSmoother, SteadyLabel
from core.expression.wording import NOT_SURE, looks


def reading_of(**shares: float) -> Reading:
    """A reading over FER7 with these shares and the rest spread evenly."""
    rest = (1 - sum(shares.values())) / (len(FER7) - len(shares))
    return Reading(FER7, tuple(shares.get(label, rest) for label in FER7))


def test_a_reading_names_its_likeliest_label():
    reading = reading_of(happy=0.7)
    assert (reading.top, reading.confidence) == ("happy", 0.7)
    assert reading.probability("contempt") == 0.0
    assert reading.total({"happy", "angry", "contempt"}) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        pytest.param({"happy": 0.7}, "looks happy", id="plain"),
        pytest.param({"fear": 0.6}, "looks afraid", id="noun becomes adjective"),
        pytest.param({"sad": 0.4}, NOT_SURE, id="below the limit"),
        pytest.param({"sad": 0.45}, "looks sad", id="at the limit"),
    ],
)
def test_words(shares, words):
    assert looks(reading_of(**shares), sure_from=0.45) == words


def test_a_label_set_of_ones_own_is_said_as_it_is():
    assert looks(Reading(("calm", "worried"), (0.2, 0.8)), 0.5) == "looks worried"


def test_one_frame_does_not_change_the_average_much_and_a_second_does():
    smoother = ReadingSmoother()
    smoother.update(reading_of(neutral=0.9), 0.0)
    assert smoother.update(reading_of(happy=0.9), 0.04).top == "neutral"
    for step in range(25):
        after_a_second = smoother.update(reading_of(happy=0.9), 0.04 * (step + 2))
    assert after_a_second.top == "happy"


def test_the_average_depends_on_time_and_not_on_the_number_of_frames():
    fast, slow = ReadingSmoother(), ReadingSmoother()
    for smoother, frames in ((fast, 30), (slow, 5)):
        smoother.update(reading_of(neutral=0.9), 0.0)
        for frame in range(frames):
            last = smoother.update(reading_of(happy=0.9), (frame + 1) / frames)
        assert last.probability("happy") == pytest.approx(0.7, abs=0.05)


def test_a_reading_out_of_order_changes_nothing():
    smoother = ReadingSmoother()
    before = smoother.update(reading_of(neutral=0.9), 10.0)
    assert smoother.update(reading_of(happy=0.9), 9.0) == before


def test_another_label_set_starts_the_average_anew():
    smoother = ReadingSmoother()
    smoother.update(reading_of(happy=0.9), 0.0)
    other = Reading(("calm", "worried"), (0.2, 0.8))
    assert smoother.update(other, 0.01) == other


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 10)), min_size=1))
def test_an_average_of_probabilities_is_a_probability(steps):
    smoother, now_s = ReadingSmoother(), 0.0
    for share, elapsed_s in steps:
        now_s += elapsed_s
        average = smoother.update(Reading(("a", "b"), (share, 1 - share)), now_s)
        assert sum(average.probabilities) == pytest.approx(1)
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in average.probabilities)


@pytest.mark.parametrize(
    ("readings", "shown"),
    [
        pytest.param([{"happy": 0.5}, {"happy": 0.42}], "happy", id="a small dip keeps it"),
        pytest.param([{"happy": 0.5}, {"happy": 0.3}], None, id="a deep dip is not sure"),
        pytest.param(
            [{"happy": 0.47}, {"happy": 0.44, "sad": 0.46}], "happy", id="a near tie keeps it"
        ),
        pytest.param([{"happy": 0.5}, {"sad": 0.7}], "sad", id="a clear lead replaces it"),
        pytest.param([{"sad": 0.42}], None, id="never sure"),
    ],
)
def test_the_shown_label_is_held(readings, shown):
    steady = SteadyLabel()
    for shares in readings:
        label = steady.update(reading_of(**shares), sure_from=0.45)
    assert label == shown
