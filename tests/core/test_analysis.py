from __future__ import annotations

import numpy as np
import pytest

from core.analysis import read_faces
from core.vision.face import Box
from core.vision.quality import QualityNote
from tests.support.reading import FakeClassifier, textured

LARGE, SMALL, DARK = Box(20, 20, 140, 140), Box(200, 20, 240, 60), Box(300, 20, 420, 140)


@pytest.fixture
def picture_bgr() -> np.ndarray:
    """Two places that can be read, and a black one."""
    image_bgr = textured(640, 480)
    left, top, right, bottom = DARK.xyxy_px
    image_bgr[top:bottom, left:right] = 0
    return image_bgr


def test_all_readable_faces_are_read_in_one_call_and_keep_their_places(
    picture_bgr: np.ndarray,
) -> None:
    classifier = FakeClassifier()
    read = read_faces(picture_bgr, [LARGE, DARK, SMALL], classifier)
    assert [face.box for face in read] == [LARGE, DARK, SMALL]
    assert [face.reading is not None for face in read] == [True, False, True]
    assert classifier.calls == [2]
    # the first reading of a call is the surest: none was given to the wrong face
    assert read[0].reading is not None
    assert read[2].reading is not None
    assert read[0].reading.confidence > read[2].reading.confidence


def test_nothing_is_guessed_of_a_bad_face(picture_bgr: np.ndarray) -> None:
    classifier = FakeClassifier()
    (face,) = read_faces(picture_bgr, [DARK], classifier)
    assert face.reading is None
    assert QualityNote.TOO_DARK in face.quality.notes
    assert classifier.calls == []


@pytest.mark.parametrize(
    ("smallest_px", "is_read"),
    [
        pytest.param(0, True, id="no limit"),
        pytest.param(40, True, id="just as small as allowed"),
        pytest.param(41, False, id="smaller than allowed"),
    ],
)
def test_a_face_below_the_smallest_is_noted_and_not_read(
    picture_bgr: np.ndarray, smallest_px: float, is_read: bool
) -> None:
    (face,) = read_faces(picture_bgr, [SMALL], FakeClassifier(), smallest_px)
    assert (face.reading is not None) is is_read
    assert face.quality.readable is is_read
    assert (QualityNote.TOO_SMALL in face.quality.notes) is not is_read


def test_too_small_is_said_first_and_once(picture_bgr: np.ndarray) -> None:
    tiny_and_dark = Box(310, 30, 328, 48)
    (face,) = read_faces(picture_bgr, [tiny_and_dark], FakeClassifier(), smallest_face_px=60)
    assert face.quality.notes[0] is QualityNote.TOO_SMALL
    assert face.quality.notes.count(QualityNote.TOO_SMALL) == 1
    assert QualityNote.TOO_DARK in face.quality.notes
