from __future__ import annotations

import numpy as np
import pytest

from core.monitoring.overlay import face_marks, picture_to_show
from core.vision.face import Box
from core.vision.quality import QualityNote
from tests.support.observing import observation, observed_face


def test_marks_follow_the_mirror() -> None:
    seen = observation(observed_face(box=Box(100, 50, 200, 150)))
    assert [mark.box for mark in face_marks(seen, 640, mirror=True)] == [Box(440, 50, 540, 150)]


def test_marks_follow_the_size_that_the_browser_changed_to() -> None:
    seen = observation(observed_face(box=Box(100, 50, 200, 150)))
    assert [mark.box for mark in face_marks(seen, 320, mirror=False)] == [Box(50, 25, 100, 75)]


@pytest.mark.parametrize(
    ("face", "title", "confidence"),
    [
        pytest.param(observed_face(3, happy=0.8), "3 · looks happy", 0.8, id="sure"),
        pytest.param(
            observed_face(read=False, notes=(QualityNote.TOO_DARK,)),
            "1 · too dark",
            None,
            id="not readable",
        ),
    ],
)
def test_title_and_bar(face: object, title: str, confidence: float | None) -> None:
    mark = face_marks(observation(face), 640, mirror=False)[0]  # type: ignore[arg-type]
    assert mark.title == title
    assert mark.confidence == (None if confidence is None else pytest.approx(confidence))


@pytest.mark.parametrize("mirror", [True, False])
def test_the_frame_itself_is_not_drawn_on(mirror: bool) -> None:
    frame = np.random.default_rng(7).integers(0, 255, (480, 640, 3), np.uint8)
    before = frame.copy()
    shown = picture_to_show(frame, observation(observed_face()), mirror=mirror)
    assert np.array_equal(frame, before)
    assert not np.array_equal(shown, frame)


def test_without_faces_the_mirror_is_exact() -> None:
    frame = np.random.default_rng(7).integers(0, 255, (48, 64, 3), np.uint8)
    assert np.array_equal(picture_to_show(frame, None, mirror=True), frame[:, ::-1])
    assert np.array_equal(picture_to_show(frame, None, mirror=False), frame)
