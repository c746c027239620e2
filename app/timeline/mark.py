"""Alerts and notes on the axis of time, as charts draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import plotly.graph_objects as go

from app.palette import ACCENT_HEX, ALERT_HEX
from app.timeline.time_axis import TimeAxis

_SIZE_PX = 18
_SHAPES = {
    "note": ("square", ACCENT_HEX, "≡"),
    "alert": ("octagon", ALERT_HEX, "!"),
}
"""By kind; where two meet, the later one lies above."""


@dataclass(frozen=True)
class Mark:
    """Something to be opened.

    Attributes:
        at_utc: where it stands.
        kind: "alert" or "note".
        text: what it is about, in a few words.
        ref: the alert's number or the note's id.
    """

    at_utc: datetime
    kind: str
    text: str
    ref: int


def mark_traces(marks: Sequence[Mark], axis: TimeAxis, yaxis: str) -> list[go.Scatter]:
    """One for each kind, at the height 0; a point's customdata is its mark's kind and number."""
    return [
        _trace([mark for mark in marks if mark.kind == kind], kind, axis, yaxis)
        for kind in _SHAPES
        if any(mark.kind == kind for mark in marks)
    ]


def _trace(marks: Sequence[Mark], kind: str, axis: TimeAxis, yaxis: str) -> go.Scatter:
    symbol, colour_hex, glyph = _SHAPES[kind]
    as_it_is = {"marker": {"opacity": 1}, "textfont": {"color": "#FFFFFF"}}
    return go.Scatter(
        x=[axis.at(mark.at_utc) for mark in marks],
        y=[0] * len(marks),
        yaxis=yaxis,
        customdata=[[mark.kind, mark.ref] for mark in marks],
        mode="markers+text",
        marker={"symbol": symbol, "color": colour_hex, "size": _SIZE_PX, "opacity": 1},
        text=[glyph] * len(marks),
        textfont={"color": "#FFFFFF", "size": 13},
        hovertext=[escape(mark.text) for mark in marks],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
        showlegend=False,
        # who picks one sees the others as before
        selected=as_it_is,
        unselected=as_it_is,
    )
