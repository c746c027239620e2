"""One colour, one symbol and one word per expression, on every page and picture.

The hues start from Okabe and Ito's set (2008, jfly.uni-koeln.de/color) and were moved until each
colour keeps a contrast of 3:1 on the light and on the dark background (WCAG 2.2, 1.4.11) and any
two stay apart for normal, protan, deutan and tritan eyes (simulated after Machado et al. 2009).
`tests/app/test_palette.py` computes all of it again.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

ALERT_HEX = "#B3001B"
"""Alerts and nothing else."""

UNSURE_HEX = "#6B7280"
"""A face whose expression is not said."""


@dataclass(frozen=True)
class Swatch:
    """How one expression is shown.

    Attributes:
        word: the label with a capital, for headings and legends.
        colour_hex: "#RRGGBB", the same in the light and the dark theme.
        glyph: one character in the shape of `marker`, for text.
        marker: plotly's name of the same shape, for charts.
    """

    word: str
    colour_hex: str
    glyph: str
    marker: str

    @property
    def colour_rgb(self) -> tuple[int, int, int]:
        """Red, green, blue, 0 to 255 each."""
        return rgb(self.colour_hex)

    @property
    def title(self) -> str:
        """Symbol and word, for wherever the colour stands."""
        return f"{self.glyph} {self.word}"


_SWATCHES = {
    "angry": Swatch("Angry", "#D55B4E", "▲", "triangle-up"),
    "disgust": Swatch("Disgust", "#079D69", "▼", "triangle-down"),
    "fear": Swatch("Fear", "#B772B2", "◆", "diamond"),
    "happy": Swatch("Happy", "#C48900", "●", "circle"),
    "sad": Swatch("Sad", "#0568D5", "■", "square"),
    "surprise": Swatch("Surprise", "#1D95F2", "★", "star"),
    "neutral": Swatch("Neutral", "#8A8A8A", "–", "line-ew-open"),
    "contempt": Swatch("Contempt", "#775D68", "◢", "triangle-se"),
    "pain": Swatch("Pain", "#BF099E", "✚", "cross"),
}

_SPARE = (
    ("#636663", "⬟", "pentagon"),
    ("#5E676B", "⬢", "hexagon"),
    ("#865565", "✖", "x"),
    ("#7D5F64", "✦", "star-diamond"),
)


def swatch(label: str) -> Swatch:
    """Of a label; one that no palette knows always gets the same quiet spare colour."""
    if label in _SWATCHES:
        return _SWATCHES[label]
    colour_hex, glyph, marker = _SPARE[zlib.crc32(label.encode()) % len(_SPARE)]
    return Swatch(label[:1].upper() + label[1:], colour_hex, glyph, marker)


def rgb(colour_hex: str) -> tuple[int, int, int]:
    """Red, green, blue of "#RRGGBB", 0 to 255 each."""
    red, green, blue = bytes.fromhex(colour_hex[1:])
    return red, green, blue
