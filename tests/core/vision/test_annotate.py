"""What is drawn at a face."""

from __future__ import annotations

import numpy as np
import pytest

from core.vision import annotate
from core.vision.annotate import FaceMark, draw_faces, draw_faces_onto
from core.vision.face import Box
from core.vision.frame import ImageBgr
from core.vision.plate import Plate, render_plate

ORANGE = (230, 159, 0)
MIDDLE = Box(200, 150, 360, 310)


def blank(width_px: int = 640, height_px: int = 480, grey: int = 128) -> ImageBgr:
    return np.full((height_px, width_px, 3), grey, np.uint8)


def mark(box: Box = MIDDLE, title: str = "1 · looks happy", confidence: float | None = 0.8):
    return FaceMark(box, title, confidence, ORANGE)


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """Where each plate came to lie."""
    seen: list[Box] = []

    def watched(*args: object, **named: object) -> Box:
        seen.append(best_place(*args, **named))
        return seen[-1]

    best_place = annotate._best_place
    monkeypatch.setattr(annotate, "_best_place", watched)
    return seen


def test_a_copy_is_drawn_into() -> None:
    image_bgr = blank()
    drawn = draw_faces(image_bgr, [mark()])
    assert np.array_equal(image_bgr, blank())
    assert not np.array_equal(drawn, image_bgr)


def test_live_pictures_are_drawn_into_themselves() -> None:
    image_bgr = blank()
    draw_faces_onto(image_bgr, [mark()])
    assert np.array_equal(image_bgr, draw_faces(blank(), [mark()]))


def test_the_box_has_the_marks_colour() -> None:
    drawn = draw_faces(blank(), [mark()])
    assert tuple(drawn[230, 200]) == (0, 159, 230)
    assert tuple(drawn[230, 280]) == (128, 128, 128)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(MIDDLE, id="middle"),
        pytest.param(Box(-40, -40, 80, 80), id="top left"),
        pytest.param(Box(580, -40, 700, 80), id="top right"),
        pytest.param(Box(-40, 420, 80, 540), id="bottom left"),
        pytest.param(Box(580, 420, 700, 540), id="bottom right"),
        pytest.param(Box(0, 0, 640, 480), id="the whole picture"),
        pytest.param(Box(-500, -500, -400, -400), id="outside"),
        pytest.param(Box(300, 200, 300, 200), id="empty"),
    ],
)
@pytest.mark.parametrize(
    "title", ["1", "1 · looks happy", "long " * 100, "", "naïve ▲ čeština"], ids=len
)
def test_words_stay_inside_the_picture(box: Box, title: str, places: list[Box]) -> None:
    draw_faces(blank(), [mark(box, title)])
    (place,) = places
    assert place.left >= 0
    assert place.top >= 0
    assert place.right <= 640
    assert place.bottom <= 480


@pytest.mark.parametrize("size_px", [(1, 1), (8, 200), (200, 8), (40, 30), (320, 240)], ids=str)
def test_any_picture_can_be_drawn_into(size_px: tuple[int, int]) -> None:
    assert draw_faces(blank(*size_px), [mark()]).shape == (size_px[1], size_px[0], 3)


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param([MIDDLE, Box(230, 160, 380, 330)], id="one face before another"),
        pytest.param([Box(x, 100, x + 90, 190) for x in range(20, 540, 100)], id="a row"),
        pytest.param([Box(300, y, 380, y + 80) for y in range(10, 380, 90)], id="a column"),
        pytest.param(
            [Box(x, y, x + 60, y + 60) for y in range(30, 400, 110) for x in range(20, 600, 100)],
            id="a crowd",
        ),
    ],
)
def test_no_plate_hides_another_ones_words(boxes: list[Box], places: list[Box]) -> None:
    draw_faces(
        blank(), [mark(box, f"{number} · looks neutral") for number, box in enumerate(boxes)]
    )
    pairs = [(a, b) for index, a in enumerate(places) for b in places[:index]]
    assert pairs
    assert all(a.overlap(b) == 0 for a, b in pairs)


def test_a_face_is_not_hidden_by_its_own_plate(places: list[Box]) -> None:
    draw_faces(blank(), [mark()])
    assert places[0].overlap(MIDDLE) == 0


def test_words_grow_with_the_picture(places: list[Box]) -> None:
    draw_faces(blank(), [mark()])
    draw_faces(blank(3200, 2400), [mark(MIDDLE.scaled(5))])
    assert places[1].height_px == pytest.approx(5 * places[0].height_px, rel=0.1)


@pytest.mark.parametrize("ground", [0, 128, 255], ids=["black", "grey", "white"])
def test_the_plate_is_opaque(ground: int, places: list[Box]) -> None:
    drawn = draw_faces(blank(grey=ground), [mark(confidence=None)])
    left, top, right, bottom = places[0].xyxy_px
    pad = 6  # Rounded corners.
    inside = drawn[top + pad : bottom - pad, left + pad : right - pad]
    reference = draw_faces(blank(grey=77), [mark(confidence=None)])
    assert np.array_equal(inside, reference[top + pad : bottom - pad, left + pad : right - pad])


def bar_px(confidence: float) -> int:
    """Pixels of the mark's colour in the bar's row."""
    plate = render_plate("1 · looks happy", ORANGE, 16, 640, has_bar=True)
    patch_bgr = blank(plate.width_px, plate.height_px)
    plate.draw_onto(patch_bgr, confidence)
    left, right, row, _ = plate.bar
    return int((patch_bgr[row, left - 2 : right + 3] == (0, 159, 230)).all(axis=1).sum())


def test_the_bar_is_as_long_as_the_confidence() -> None:
    full = bar_px(1.0)
    assert full > 80
    assert bar_px(0.5) == pytest.approx(full / 2, abs=4)
    assert bar_px(0.0) < 8
    assert bar_px(7.0) == full


def test_without_a_confidence_there_is_no_bar() -> None:
    with_bar = render_plate("1", ORANGE, 16, 640, has_bar=True)
    without = render_plate("1", ORANGE, 16, 640, has_bar=False)
    assert without.height_px < with_bar.height_px


def test_a_plate_is_rendered_once() -> None:
    plates: list[Plate] = [render_plate("2 · sad", ORANGE, 16, 640, has_bar=True) for _ in "ab"]
    assert plates[0] is plates[1]


def test_too_long_words_end_in_an_ellipsis() -> None:
    long, longer = (render_plate("word " * n, ORANGE, 16, 200, has_bar=True) for n in (20, 40))
    assert long.width_px <= 200
    assert np.array_equal(long.ink_bgr, longer.ink_bgr)
