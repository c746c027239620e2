"""Colour, symbol and word of what a chart of looking back shows beside expressions, too."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app.palette import UNSURE_HEX, rgb, swatch
from core.expression.wording import NOT_SURE

_ORDER = ("happy", "surprise", "neutral", "contempt", "sad", "fear", "disgust", "angry", "pain")
"""From pleasant to unpleasant: stacked, both ends have a straight line to be measured from."""


def in_order(looks: Sequence[str]) -> list[str]:
    """The same everywhere, whatever a model's own order is; "not sure" is the last."""

    def place(look: str) -> int:
        if look == NOT_SURE:
            return len(_ORDER) + 1
        return _ORDER.index(look) if look in _ORDER else len(_ORDER)

    return sorted(looks, key=place)


def hex_of(look: str) -> str:
    """“#RRGGBB”."""
    return UNSURE_HEX if look == NOT_SURE else swatch(look).colour_hex


def colour_of(look: str) -> str:
    """The same; paler for "not sure" where it stands among others, as neutral is grey, too."""
    return see_through(UNSURE_HEX, 0.4) if look == NOT_SURE else hex_of(look)


def word_of(look: str) -> str:
    """With a capital."""
    return "Not sure" if look == NOT_SURE else swatch(look).word


def title_of(look: str) -> str:
    """Symbol and word."""
    return f"? {word_of(look)}" if look == NOT_SURE else swatch(look).title


def see_through(colour_hex: str, opacity: float) -> str:
    """For fills and the pale end of a scale, which let the light and the dark theme shine."""
    red, green, blue = rgb(colour_hex)
    return f"rgba({red}, {green}, {blue}, {opacity})"


def steps(colours: Sequence[str]) -> list[tuple[float, str]]:
    """Plotly's colour scale for whole numbers from 0, one colour for each."""
    edges = [(index / len(colours), (index + 1) / len(colours)) for index in range(len(colours))]
    return [(edge, colour) for pair, colour in zip(edges, colours, strict=True) for edge in pair]


def legend_entry(look: str, yaxis: str) -> go.Scatter:
    """Of what is drawn in this colour without an entry of its own."""
    return go.Scatter(
        x=[None],
        y=[None],
        yaxis=yaxis,
        name=title_of(look),
        mode="lines",
        line={"width": 6, "color": colour_of(look)},
        hoverinfo="skip",
    )


def per_cent_words(value: float) -> str:
    """“12%”; what rounds to nothing is “<1%”."""
    return f"{value:.0f}%" if value >= 0.5 else "<1%"
