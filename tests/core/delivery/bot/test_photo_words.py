from __future__ import annotations

import pytest

from core.analysis import FaceReading
from core.delivery.bot.photo_words import NO_FACE, photo_message
from core.delivery.telegram_channel import CAPTION_LETTERS
from core.expression.reading import Reading
from core.expression.wording import HONEST_LINE
from core.stills.photo_reader import PhotoAnswer
from core.vision.face import Box
from core.vision.quality import Quality, QualityNote

LABELS = ("happy", "sad", "angry", "neutral", "fear", "surprise")
SURE_FROM = 0.45


def face(
    *probabilities: float,
    labels: tuple[str, ...] = LABELS,
    pain: float | None = None,
    notes: tuple[QualityNote, ...] = (),
) -> FaceReading:
    """One face; not read without probabilities."""
    shown = Reading(labels, probabilities) if probabilities else None
    watched = None if pain is None else Reading(("neutral", "pain"), (1 - pain, pain))
    quality = Quality(120, 120, 300, notes, readable=bool(probabilities))
    return FaceReading(Box(0, 0, 120, 120), quality, shown, watched)


def said_of(*faces: FaceReading) -> list[str]:
    """The lines between the heading and the honest one."""
    text = photo_message(PhotoAnswer(b"jpeg", faces, SURE_FROM)).text
    return text.removesuffix(HONEST_LINE).strip().splitlines()[1:]


@pytest.mark.parametrize(
    ("found", "line"),
    [
        pytest.param(
            face(0.9, 0.05, 0.03, 0.02, 0.0, 0.0),
            "Face 1 looks happy: happy 90%, sad 5%, angry 3%, neutral 2%",
            id="sure",
        ),
        pytest.param(
            face(0.3, 0.25, 0.2, 0.15, 0.06, 0.04),
            "Face 1, not sure: happy 30%, sad 25%, angry 20%, neutral 15%",
            id="not sure",
        ),
        pytest.param(
            face(0.995, 0.005, 0.0, 0.0, 0.0, 0.0),
            "Face 1 looks happy: happy 100%",
            id="what is next to nothing is left out",
        ),
        pytest.param(
            face(0.1, 0.9, 0.0, 0.0, 0.0, 0.0, pain=0.71),
            "Face 1 may be in pain, please check: sad 90%, happy 10%; pain score 71%",
            id="the alert model sees pain",
        ),
        pytest.param(
            face(0.9, 0.1, 0.0, 0.0, 0.0, 0.0, pain=0.02),
            "Face 1 looks happy: happy 90%, sad 10%; pain score 2%",
            id="the alert model sees none",
        ),
        pytest.param(
            face(0.2, 0.8, labels=("sad", "pain"), pain=0.8),
            "Face 1 may be in pain, please check: pain 80%, sad 20%",
            id="the chosen model knows pain itself",
        ),
        pytest.param(
            face(notes=(QualityNote.TOO_SMALL,)),
            "Face 1 cannot be read: too small.",
            id="not readable",
        ),
    ],
)
def test_each_face_has_a_line(found: FaceReading, line: str) -> None:
    assert said_of(found) == [line]


def test_the_picture_and_the_honest_line_go_with_it() -> None:
    message = photo_message(PhotoAnswer(b"jpeg", (face(1, 0, 0, 0, 0, 0),), SURE_FROM))
    assert message.picture_jpeg == b"jpeg"
    assert message.text.startswith("1 face\n")
    assert message.text.endswith(HONEST_LINE)


def test_a_picture_of_nobody_is_not_sent_back() -> None:
    message = photo_message(PhotoAnswer(b"jpeg", (), SURE_FROM))
    assert message.picture_jpeg is None
    assert message.text.startswith(NO_FACE)


def test_a_crowd_fits_under_a_picture() -> None:
    faces = (face(0.9, 0.05, 0.03, 0.02, 0.0, 0.0, pain=0.1),) * 40
    text = photo_message(PhotoAnswer(b"jpeg", faces, SURE_FROM)).text
    assert len(text) <= CAPTION_LETTERS
    assert text.startswith("40 faces")
    shown = sum(line.startswith("Face ") for line in text.splitlines())
    assert f"… and {40 - shown} more, marked in the picture." in text
    assert text.endswith(HONEST_LINE)
