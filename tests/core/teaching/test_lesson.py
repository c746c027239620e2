"""What may be taught, and what is refused with which sentence."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DatasetError
from core.teaching.examples import Example
from core.teaching.lesson import FEWEST_PER_LABEL, MOST_PER_LABEL, Lesson, checked_labels
from core.vision.face import Box
from core.vision.patch import FacePatch

PATCH = FacePatch(np.zeros((8, 8, 3), np.uint8), Box(1, 1, 7, 7))


def _example(digest: str) -> Example:
    return Example(digest, f"{digest}.jpg", PATCH)


def _filled(**counts: int) -> Lesson:
    lesson = Lesson(tuple(counts))
    for label, count in counts.items():
        for number in range(count):
            lesson.add(label, _example(f"{label}{number}"))
    return lesson


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        pytest.param(["Happy", "PAIN"], ("happy", "pain"), id="capitals"),
        pytest.param([" a bit  worried", "calm"], ("a bit worried", "calm"), id="blanks"),
        pytest.param(["fröhlich", "müde"], ("fröhlich", "müde"), id="umlauts"),
        pytest.param(["高兴", "难过"], ("高兴", "难过"), id="Chinese"),
    ],
)
def test_labels_are_kept_in_small_letters(labels: list[str], kept: tuple[str, ...]) -> None:
    assert checked_labels(labels) == kept


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        pytest.param([], "At least two", id="none"),
        pytest.param(["happy"], "At least two", id="one"),
        pytest.param([f"a{n}" for n in range(9)], "At most 8", id="nine"),
        pytest.param(["happy", "Happy "], "stands twice", id="twice"),
        pytest.param(["happy", "../up"], "cannot be the name", id="a path"),
        pytest.param(["happy", ""], "cannot be the name", id="empty"),
        pytest.param(["happy", "x" * 25], "cannot be the name", id="long"),
        pytest.param(["happy", "<b>"], "cannot be the name", id="markup"),
    ],
)
def test_labels_that_cannot_be_taught(labels: list[str], said: str) -> None:
    with pytest.raises(DatasetError, match=said):
        Lesson(labels)


def test_the_same_picture_counts_once_and_under_one_label() -> None:
    lesson = _filled(happy=1, pain=0)
    assert "counts once" in (lesson.add("happy", _example("happy0")) or "")
    assert "also under “happy”" in (lesson.add("pain", _example("happy0")) or "")
    assert (len(lesson.of("happy")), len(lesson.of("pain"))) == (1, 0)


def test_a_label_takes_no_end_of_pictures() -> None:
    lesson = _filled(happy=MOST_PER_LABEL, pain=0)
    assert "plenty" in (lesson.add("happy", _example("more")) or "")
    assert len(lesson.of("happy")) == MOST_PER_LABEL


def test_what_is_lacking_is_named() -> None:
    assert _filled(happy=FEWEST_PER_LABEL, pain=FEWEST_PER_LABEL).lacking() is None
    lacking = _filled(happy=FEWEST_PER_LABEL, pain=4, neutral=0).lacking() or ""
    assert "“pain” has 4, “neutral” has 0" in lacking
    assert "happy" not in lacking


def test_a_label_that_is_taken_out_by_mistake_comes_back_with_its_pictures() -> None:
    lesson = _filled(happy=2, pain=3)
    lesson.relabel(["happy", "neutral"])
    assert len(lesson) == 2
    lesson.relabel(["happy", "pain"])
    assert len(lesson) == 5


def test_a_picture_that_moved_meanwhile_does_not_come_back() -> None:
    lesson = _filled(happy=2, pain=3)
    lesson.relabel(["happy", "neutral"])
    assert lesson.add("neutral", _example("pain0")) is None
    lesson.relabel(["happy", "neutral", "pain"])
    assert (len(lesson.of("neutral")), len(lesson.of("pain"))) == (1, 2)


def test_pictures_can_be_taken_out_and_all_forgotten() -> None:
    lesson = _filled(happy=2, pain=3)
    lesson.remove("happy0")
    assert [example.digest for example in lesson.of("happy")] == ["happy1"]
    lesson.relabel(["happy", "neutral"])
    lesson.clear()
    lesson.relabel(["happy", "pain"])
    assert len(lesson) == 0
