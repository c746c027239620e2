from __future__ import annotations

import pytest

from app.video.progress import details_text, progress_text, waiting_text
from app.video.words import clock_time
from core.batch.progress import Progress, Stage


@pytest.mark.parametrize(
    ("at_s", "words"), [(0, "0:00"), (65.9, "1:05"), (3600, "1:00:00"), (36_005, "10:00:05")]
)
def test_times_are_those_of_players(at_s: float, words: str) -> None:
    assert clock_time(at_s) == words


@pytest.mark.parametrize(
    ("progress", "left_s", "bar", "details"),
    [
        pytest.param(None, None, "Starting", "", id="not begun"),
        pytest.param(
            Progress(Stage.READING, 65, 270, 1),
            None,
            "Reading: 1:05 of 4:30",
            "1 face so far",
            id="reading",
        ),
        pytest.param(
            Progress(Stage.READING, 65, 270, 812),
            40,
            "Reading: 1:05 of 4:30",
            "812 faces so far · about 40 s left",
            id="with time left",
        ),
        pytest.param(
            Progress(Stage.READING, 65, None, 2),
            None,
            "Reading: 1:05",
            "2 faces so far",
            id="no length told",
        ),
        pytest.param(
            Progress(Stage.READING, 300, 270, 2),
            None,
            "Reading: 5:00",
            "2 faces so far",
            id="a length that lies",
        ),
        pytest.param(
            Progress(Stage.ANNOTATING, 10, 20),
            5,
            "Drawing the boxes: 0:10 of 0:20",
            "a few seconds left",
            id="annotating",
        ),
    ],
)
def test_how_far_it_has_come(
    progress: Progress | None, left_s: float | None, bar: str, details: str
) -> None:
    assert progress_text(progress) == bar
    assert details_text(progress, left_s) == details


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0, "Waiting"),
        (1, "Waiting: 1 video is read first"),
        (2, "Waiting: 2 videos are read first"),
    ],
)
def test_whom_it_waits_for(before: int, words: str) -> None:
    assert waiting_text(before) == words
