"""What a classifier looked at: hiding it lowers the score, hiding the rest does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from core.expression.reading import Reading
from core.expression.registry import DEFAULT_MODEL, load_classifier
from core.expression.saliency import blurred, saliency, without_window
from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageGrey

ROOT = Path(__file__).parents[3]
RENDERED = sorted((ROOT / "tests/faces").glob("*.png"))
WINDOW_PX = 12


def astronaut(degrees: float = 0.0, grow: float = 1.0, move_px: float = 0.0) -> ImageGrey:
    """The portrait's face, turned, seen wider or narrower, or off the centre."""
    picture = Image.fromarray(data.astronaut()).rotate(degrees, Image.Resampling.BICUBIC,
                                                       center=(225, 120))  # fmt: skip
    reach_px = 62 * grow
    x, y = 225 + move_px, 120
    box = Box(x - reach_px, y - reach_px, x + reach_px, y + reach_px)
    return crop_grey(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), box, 48)


FACES = {
    "as it is": astronaut(),
    "mirrored": np.ascontiguousarray(astronaut()[:, ::-1]),
    "turned left": astronaut(degrees=10),
    "turned right": astronaut(degrees=-10),
    "narrow": astronaut(grow=0.88),
    "wide": astronaut(grow=1.15),
    "off the centre": astronaut(move_px=6),
    "dim": (astronaut() * 0.45).astype(np.uint8),
    "flat": (astronaut() * 0.4 + 90).astype(np.uint8),
} | {path.stem: np.asarray(Image.open(path).convert("L").resize((48, 48))) for path in RENDERED}


@pytest.mark.parametrize("face_grey", FACES.values(), ids=FACES)
def test_hiding_what_it_looked_at_costs_more_than_hiding_what_it_did_not(face_grey) -> None:
    classifier = load_classifier(DEFAULT_MODEL, ROOT / "models")
    (whole,) = classifier.classify([face_grey])
    heat = saliency(classifier, face_grey, whole.top)
    assert (heat.shape, heat.dtype) == (face_grey.shape, np.float32)
    assert (heat.min(), heat.max()) == (pytest.approx(0, abs=0.2), 1)
    most, least = (without_window(face_grey, heat, WINDOW_PX, most=most) for most in (True, False))
    without_most, without_least = classifier.classify([most, least])
    assert without_most.probability(whole.top) < without_least.probability(whole.top)
    assert without_most.probability(whole.top) < whole.probability(whole.top)


class Watching:
    """Looks at one window only: the brighter it is, the surer it says "bright"."""

    labels = ("bright", "dark")
    input_px = 48

    def __init__(self, window: tuple[slice, slice]) -> None:
        self.window = window
        self.calls: list[int] = []

    def classify(self, faces_grey: Sequence[ImageGrey]) -> tuple[Reading, ...]:
        self.calls.append(len(faces_grey))
        return tuple(self._read(face_grey) for face_grey in faces_grey)

    def _read(self, face_grey: ImageGrey) -> Reading:
        bright = float(face_grey[self.window].mean()) / 255
        return Reading(self.labels, (bright, 1 - bright))


def spotted(window: tuple[slice, slice]) -> ImageGrey:
    face_grey = np.full((48, 48), 40, dtype=np.uint8)
    face_grey[window] = 240
    return face_grey


WINDOWS = {
    "middle": np.s_[20:28, 20:28],
    "top left": np.s_[0:8, 0:8],
    "bottom right": np.s_[40:48, 40:48],
    "left edge": np.s_[16:24, 0:8],
}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_the_heat_lies_where_the_classifier_looks(window: tuple[slice, slice]) -> None:
    heat = saliency(Watching(window), spotted(window), "bright")
    elsewhere = heat.copy()
    elsewhere[window] = 0
    assert heat[window].max() == 1
    assert heat[window].mean() > 0.7
    assert elsewhere.mean() < 0.15


def test_a_label_that_nothing_speaks_for_has_no_heat() -> None:
    window = WINDOWS["middle"]
    assert not saliency(Watching(window), spotted(window), "dark").any()
    assert not saliency(Watching(window), np.full((48, 48), 90, np.uint8), "bright").any()


def test_faces_are_read_in_batches() -> None:
    classifier = Watching(WINDOWS["middle"])
    saliency(classifier, spotted(classifier.window), "bright")
    assert classifier.calls == [1] + [16] * 9


@pytest.mark.parametrize("side_px", [16, 48, 224])
def test_a_blurred_face_keeps_its_light_and_loses_its_features(side_px: int) -> None:
    stripes = np.zeros((side_px, side_px), dtype=np.uint8)
    stripes[:, ::4] = 200
    assert blurred(stripes).mean() == pytest.approx(stripes.mean(), abs=3)
    assert blurred(stripes).std() < 0.15 * stripes.std()
    assert (blurred(np.full((side_px, side_px), 77, np.uint8)) >= 76).all()
