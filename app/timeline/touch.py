"""What a finger or a mouse does on the chart, as far as Streamlit does not report it.

Streamlit 1.67 reports what was dragged over a chart, but no clicks while dragging selects
(`PlotlyChart` sets plotly's click mode to "event"), and it makes a chart anew at each change, which
would end a drag half-way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).with_suffix(".js")
_KEY = "timeline-touch"
_BUTTONS_PX = 30
_WORDS_PX = 76
"""Three lines of a legend, or slanting words."""


def is_phone() -> bool:
    """Whether a finger that moves over the chart means to scroll the page."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def with_room_for_buttons(figure: go.Figure) -> go.Figure:
    """On a phone the buttons of a chart are always there, and what stands above it is as wide."""
    if is_phone():
        top_px = figure.layout.margin.t or 0
        has_words_above = figure.layout.showlegend or figure.layout.xaxis.side == "top"
        new_px = _WORDS_PX + _BUTTONS_PX if has_words_above else top_px + _BUTTONS_PX
        height_px = figure.layout.height + new_px - top_px
        figure.update_layout(height=height_px, margin={"t": new_px})
    return figure


def is_held() -> bool:
    """Whether the pointer is on the chart now: what somebody looks at must not change."""
    return bool(_state().get("held"))


def follow_pointer(place: str, opened: Callable[[str, int], None], *, moves: bool) -> None:
    """Renders nothing; call below the chart, in the same fragment.

    Args:
        place: key of the container around the chart.
        opened: called with kind and number of a mark that was clicked.
        moves: whether the chart refreshes, so that it has to hold still under the pointer.
    """

    def clicked() -> None:
        kind, _, number = str(_state().get("mark") or "").partition(":")
        if number.isdigit():
            opened(kind, int(number))

    _component()(
        key=_KEY,
        data={"place": place, "moves": moves, "held": is_held()},
        on_mark_change=clicked,
        on_held_change=lambda: None,
    )


def _state() -> dict[str, Any]:
    return st.session_state.get(_KEY) or {}


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("mien_timeline_touch", js=SCRIPT.read_text(encoding="utf-8"))
