"""Hours of the week."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.charts import bare
from app.palette import ACCENT_HEX
from app.timeline.field import paling, still
from app.timeline.looks import hex_of, see_through, word_of
from core.timeline.heat import SECONDS, VALENCE, HeatMap
from core.timeline.tally import Floats

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BARELY_RGBA = "rgba(128, 128, 128, 0.06)"


def heat_figure(found: HeatMap) -> go.Figure:
    """Hour by weekday; where too little was seen a field stays pale and says so."""
    hours, days = [f"{hour:02}" for hour in range(24)], list(_DAYS)
    little = np.isnan(found.values) | (found.seconds == 0)
    shown = np.where(little, np.nan, found.values)
    look = _heat_look(found, shown)
    figure = go.Figure(
        [
            go.Heatmap(
                x=hours,
                y=days,
                z=np.where(little, 0, np.nan).astype(np.float32),
                colorscale=[(0, _BARELY_RGBA), (1, _BARELY_RGBA)],
                showscale=False,
                hoverongaps=False,
                hovertemplate="%{y} %{x}:00: too little seen<extra></extra>",
                xgap=2,
                ygap=2,
            ),
            go.Heatmap(
                x=hours,
                y=days,
                customdata=np.round(found.seconds / 60).astype(np.int32),
                hoverongaps=False,
                xgap=2,
                ygap=2,
                **look,
            ),
        ]
    )
    figure.update_layout(bare(height_px=7 * 32 + 40, bottom_px=28))
    six = hours[::6]
    figure.update_xaxes(
        tickvals=six, ticktext=[f"{hour}:00" for hour in six], type="category", **still()
    )
    figure.update_yaxes(autorange="reversed", automargin=True, type="category", **still())
    return figure


def _heat_look(found: HeatMap, shown: Floats) -> dict[str, Any]:
    """What differs by what is shown: numbers, colours and words."""
    seen = "<br>%{customdata} min seen<extra></extra>"
    bar = {"thickness": 10, "outlinewidth": 0, "nticks": 4, "len": 0.9}
    if found.what == VALENCE:
        limit = max(0.2, float(np.nanmax(np.abs(shown), initial=0)))
        return {
            "z": shown.astype(np.float32),
            "colorscale": _two_sided(),
            "zmin": -limit,
            "zmax": limit,
            "colorbar": {**bar, "tickformat": "+.1f"},
            "hovertemplate": "%{y} %{x}:00: valence %{z:+.2f}" + seen,
        }
    if found.what == SECONDS:
        return {
            "z": np.round(shown / 60, 1).astype(np.float32),
            "colorscale": paling(ACCENT_HEX),
            "zmin": 0,
            "colorbar": {**bar, "ticksuffix": " min"},
            "hovertemplate": "%{y} %{x}:00: %{z:.0f} min seen<extra></extra>",
        }
    per_cent = np.round(shown * 100, 1)
    return {
        "z": per_cent.astype(np.float32),
        "colorscale": paling(hex_of(found.what)),
        "zmin": 0,
        "zmax": max(10.0, float(np.nanmax(per_cent))) if np.isfinite(per_cent).any() else 100.0,
        "colorbar": {**bar, "ticksuffix": "%"},
        "hovertemplate": f"%{{y}} %{{x}}:00: {word_of(found.what)} %{{z:.0f}}%" + seen,
    }


def _two_sided() -> list[tuple[float, str]]:
    """Blue below and yellow above nearly nothing: apart for colour-blind eyes, too."""
    return [
        (0, see_through(hex_of("sad"), 1)),
        (0.5, "rgba(128, 128, 128, 0.15)"),
        (1, see_through(hex_of("happy"), 1)),
    ]
