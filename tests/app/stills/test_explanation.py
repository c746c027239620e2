"""Heat over a face, and its words."""

from __future__ import annotations

import numpy as np
import pytest

from app.stills.explanation import heated, where


def heat_at(*spots: tuple[int, int]) -> np.ndarray:
    """48×48, hot around each (row, column)."""
    heat = np.zeros((48, 48), dtype=np.float32)
    for row, column in spots:
        heat[row - 4 : row + 4, column - 4 : column + 4] = 1
    return heat


@pytest.mark.parametrize(
    ("heat", "said"),
    [
        pytest.param(heat_at((38, 24)), "lower half", id="mouth"),
        pytest.param(heat_at((16, 14), (16, 34)), "upper half of the face: eyes", id="both eyes"),
        pytest.param(heat_at((16, 14), (38, 24)), "spread over", id="an eye and the mouth"),
        pytest.param(heat_at((24, 24)), "spread over", id="nose"),
        pytest.param(heat_at((38, 20), (38, 28), (16, 14)), "spread over", id="rather the mouth"),
        pytest.param(heat_at(), "No part on its own", id="nothing"),
    ],
)
def test_words_say_only_what_is_clear(heat: np.ndarray, said: str) -> None:
    assert said in where(heat)


@pytest.mark.parametrize("side_px", [48, 480])
def test_the_hot_part_is_yellow_and_the_rest_dark_blue(side_px: int) -> None:
    face_bgr = np.full((side_px, side_px, 3), 128, dtype=np.uint8)
    shown = heated(face_bgr, heat_at((38, 24))).astype(int)
    assert (shown.shape, face_bgr.max()) == (face_bgr.shape, 128)
    blue, green, red = shown[side_px * 38 // 48, side_px // 2]
    assert min(red, green) > blue + 60
    blue, green, red = shown[side_px * 10 // 48, side_px // 2]
    assert blue > max(red, green)


def test_the_face_shows_through() -> None:
    face_bgr = np.full((48, 48, 3), 60, dtype=np.uint8)
    face_bgr[:, 24:] = 200
    for heat in (heat_at(), np.ones((48, 48), dtype=np.float32)):
        shown = heated(face_bgr, heat).astype(int)
        assert (shown[:, 30:].mean(axis=(0, 1)) > shown[:, :18].mean(axis=(0, 1)) + 40).all()
