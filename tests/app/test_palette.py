"""The palette's promises, computed."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from app.palette import ALERT_HEX, SERIES_HEX, UNSURE_HEX, rgb, swatch
from core.expression.labels import FER7, FERPLUS8

LABELS = sorted({*FER7, *FERPLUS8, "pain"})
THEME = tomllib.loads(Path(".streamlit/config.toml").read_text())["theme"]

# Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color
# vision deficiency", severity 1.0, for linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def _linear(colour_hex: str) -> npt.NDArray[np.float64]:
    share = np.array(rgb(colour_hex)) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _luminance(colour_hex: str) -> float:
    return float(_linear(colour_hex) @ [0.2126, 0.7152, 0.0722])


def _contrast(one_hex: str, other_hex: str) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    dark, light = sorted((_luminance(one_hex), _luminance(other_hex)))
    return (light + 0.05) / (dark + 0.05)


def _as_seen(colour_hex: str, eye: str) -> npt.NDArray[np.float64]:
    linear = np.clip(EYES[eye] @ _linear(colour_hex), 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(rgb2lab(srgb))


def _difference(one_hex: str, other_hex: str, eye: str) -> float:
    """CIEDE2000; 2 is just seen side by side, 10 is seen at a glance."""
    return float(deltaE_ciede2000(_as_seen(one_hex, eye), _as_seen(other_hex, eye)))


def test_contrast_of_black_on_white_is_known() -> None:
    assert _contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_red_and_green_of_one_lightness_look_alike_to_a_deutan_eye() -> None:
    # the classic trap, so that a simulation that does nothing would be noticed
    assert _difference("#B85C5C", "#7D7A00", "normal") > 25
    assert _difference("#B85C5C", "#7D7A00", "deutan") < 15


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_background(label: str, theme: str) -> None:
    background = THEME[theme]["backgroundColor"]
    assert _contrast(swatch(label).colour_hex, background) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour_hex", SERIES_HEX)
def test_lines_that_are_no_expressions_stand_out_too(colour_hex: str, theme: str) -> None:
    assert _contrast(colour_hex, THEME[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "other"), list(combinations(SERIES_HEX, 2)))
def test_lines_that_are_no_expressions_stay_apart(one: str, other: str, eye: str) -> None:
    assert _difference(one, other, eye) >= 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_of_the_theme_is_readable(theme: str) -> None:
    for background in ("backgroundColor", "secondaryBackgroundColor"):
        assert _contrast(THEME[theme]["textColor"], THEME[theme][background]) >= 7
        assert _contrast(THEME[theme]["linkColor"], THEME[theme][background]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_captions_are_readable_at_the_60_per_cent_that_streamlit_gives_them(
    theme: str, background: str
) -> None:
    text, ground = (np.array(rgb(THEME[theme][name])) for name in ("textColor", background))
    red, green, blue = (0.6 * text + 0.4 * ground).round().astype(int)
    caption_hex = f"#{red:02X}{green:02X}{blue:02X}"
    assert _contrast(caption_hex, THEME[theme][background]) >= 4.5


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "other"), list(combinations(LABELS, 2)))
def test_colours_stay_apart(one: str, other: str, eye: str) -> None:
    assert _difference(swatch(one).colour_hex, swatch(other).colour_hex, eye) >= 10


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("label", LABELS)
def test_no_expression_looks_like_an_alert(label: str, eye: str) -> None:
    least = 15 if eye == "normal" else 7
    assert _difference(swatch(label).colour_hex, ALERT_HEX, eye) >= least


@pytest.mark.parametrize("colour_hex", [swatch("neutral").colour_hex, UNSURE_HEX])
def test_neutral_and_unsure_are_grey(colour_hex: str) -> None:
    assert max(rgb(colour_hex)) - min(rgb(colour_hex)) <= 24


def test_symbols_and_words_tell_expressions_apart_without_colour() -> None:
    for name in ("glyph", "marker", "word"):
        assert len({getattr(swatch(label), name) for label in LABELS}) == len(LABELS)


@pytest.mark.parametrize("label", ["bored", "überrascht", ""])
def test_an_unknown_label_gets_a_swatch_that_stays(label: str) -> None:
    assert swatch(label) == swatch(label)
    assert swatch(label).word.lower() == label
    assert swatch(label).colour_hex not in {swatch(known).colour_hex for known in LABELS}
