"""The pictures that the project ships: the demo clip and the test faces."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.expression.registry import load_classifier
from core.training.synthetic.storyboard import LENGTH_S, SECTIONS, STILLS, section_at
from core.vision.crop import crop_grey
from core.vision.haar import HaarDetector
from tests.support.sources import ROOT

CLIP = ROOT / "app/assets/demo_face.mp4"
FACES = ROOT / "tests/faces"
EVERY = 10
SETTLED_S = 1.0


@pytest.fixture(scope="module")
def frames() -> list[tuple[float, np.ndarray]]:
    with av.open(str(CLIP)) as container:
        decoded = enumerate(container.decode(video=0))
        return [
            (frame.time, frame.to_ndarray(format="bgr24"))
            for number, frame in decoded
            if number % EVERY == 0
        ]


def test_the_clip_is_small_and_of_the_announced_length(
    frames: list[tuple[float, np.ndarray]],
) -> None:
    assert CLIP.stat().st_size < 500_000
    assert frames[0][1].shape == (480, 640, 3)
    assert frames[-1][0] == pytest.approx(LENGTH_S, abs=1)


def test_haar_finds_the_one_face_in_every_looked_at_frame(
    frames: list[tuple[float, np.ndarray]],
) -> None:
    detector = HaarDetector(60)
    found = [len(detector.detect(image_bgr)) for _, image_bgr in frames]
    assert found == [1] * len(frames)


@pytest.mark.parametrize("label", ["neutral", "happy", "surprise"])
def test_the_model_reads_the_section_as_meant(
    frames: list[tuple[float, np.ndarray]], label: str
) -> None:
    detector, classifier = HaarDetector(60), load_classifier("mien7", ROOT / "models")
    crops = [
        crop_grey(image_bgr, detector.detect(image_bgr)[0].box, classifier.input_px)
        for time_s, image_bgr in frames
        if section_at(time_s).label == label and section_at(time_s - SETTLED_S).label == label
    ]
    place = classifier.labels.index(label)
    shares = [reading.probabilities[place] for reading in classifier.classify(crops)]
    assert np.mean(shares) > 0.6


def test_the_sections_are_the_ones_that_the_project_announces() -> None:
    assert [part.label for part in SECTIONS] == ["neutral", "happy", "surprise", "pain", "neutral"]


@pytest.mark.parametrize("name", STILLS)
def test_haar_finds_every_test_face(name: str) -> None:
    image_bgr = cv2.imread(str(Path(FACES / f"{name}.jpg")))
    assert image_bgr is not None
    assert len(HaarDetector(60).detect(np.asarray(image_bgr, np.uint8))) == 1
