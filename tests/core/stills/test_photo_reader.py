"""Photos answered with the shipped models."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from core.errors import ModelError, PhotoError
from core.expression.registry import load_classifier
from core.monitoring.analyser import ALERT_MODEL, Toolbox
from core.monitoring.settings import AnalysisSettings
from core.stills.photo_reader import ANSWER_PX, PhotoReader
from core.vision.detectors import build_detector
from core.vision.photo import decode_photo
from tests.support.pictures import bomb, crowd, cut_short, landscape, portrait, text

ROOT = Path(__file__).parents[3]
FACES = ROOT / "tests" / "faces"
TOOLBOX = Toolbox(build_detector, partial(load_classifier, models_root=ROOT / "models"))


@pytest.fixture(scope="module")
def reader() -> PhotoReader:
    """As the server builds it."""
    return PhotoReader(TOOLBOX, AnalysisSettings, ALERT_MODEL)


@pytest.mark.parametrize("expression", ["happy", "surprise", "neutral", "angry"])
def test_a_rendered_face_is_read(reader: PhotoReader, expression: str) -> None:
    answer = reader((FACES / f"{expression}.jpg").read_bytes())
    (face,) = answer.faces
    assert face.reading is not None
    assert face.reading.top == expression


@pytest.mark.parametrize(
    ("expression", "hurts"),
    [
        pytest.param("pain", True, id="pain"),
        pytest.param("happy", False, id="happy"),
        pytest.param("neutral", False, id="neutral"),
    ],
)
def test_the_alert_model_reads_the_same_face(
    reader: PhotoReader, expression: str, hurts: bool
) -> None:
    (face,) = reader((FACES / f"{expression}.jpg").read_bytes()).faces
    assert face.watched is not None
    assert (face.watched.probability("pain") >= 0.5) == hurts


def test_the_picture_that_goes_back_is_marked(reader: PhotoReader) -> None:
    before = decode_photo(portrait(), "before")
    after = decode_photo(reader(portrait()).picture_jpeg, "after")
    assert after.shape == before.shape
    assert abs(after.astype(int) - before.astype(int)).max() > 100


def test_a_large_photo_is_answered_in_a_size_that_is_shown(reader: PhotoReader) -> None:
    answer = reader(crowd(5, 6))
    assert len(answer.faces) == 30
    height_px, width_px = decode_photo(answer.picture_jpeg, "after").shape[:2]
    assert max(height_px, width_px) == ANSWER_PX


def test_a_picture_of_nobody_has_no_faces(reader: PhotoReader) -> None:
    assert reader(landscape()).faces == ()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(text(), id="text"),
        pytest.param(cut_short(), id="cut short"),
        pytest.param(bomb(), id="a bomb"),
    ],
)
def test_a_bad_picture_is_said_in_a_sentence(reader: PhotoReader, data: bytes) -> None:
    with pytest.raises(PhotoError):
        reader(data)
    assert reader(portrait()).faces


def test_another_choice_counts_from_the_next_photo_on() -> None:
    settings = AnalysisSettings(model="tiny")
    reader = PhotoReader(TOOLBOX, lambda: settings)
    first = reader(portrait())
    settings = replace(settings, model="mien8", sure_from=0.8)
    second = reader(portrait())
    assert all(face.reading and "contempt" in face.reading.labels for face in second.faces)
    assert not any(face.reading and "contempt" in face.reading.labels for face in first.faces)
    assert (first.sure_from, second.sure_from) == (0.45, 0.8)


def test_without_the_alert_model_the_chosen_one_still_reads(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        (face,) = PhotoReader(TOOLBOX, AnalysisSettings, "gone")(portrait()).faces
    assert face.reading is not None
    assert face.watched is None
    assert "without the alert model" in caplog.text


def test_without_the_chosen_model_it_says_so() -> None:
    reader = PhotoReader(TOOLBOX, lambda: AnalysisSettings(model="gone"))
    with pytest.raises(ModelError, match="gone"):
        reader(portrait())


def test_a_photo_is_turned_upright(reader: PhotoReader, tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    with Image.open(FACES / "happy.jpg") as picture:
        exif = picture.getexif()
        exif[0x0112] = 6
        picture.rotate(90, expand=True).save(path, exif=exif)
    assert len(reader(path.read_bytes()).faces) == 1
