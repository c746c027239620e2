"""Many faces together."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

import numpy as np
import plotly.graph_objects as go

from app.timeline.bands import LEGEND, LEGEND_PX, Bands, upright
from app.timeline.grid import grid_of
from app.timeline.looks import colour_of, in_order, see_through
from app.timeline.time_axis import axis_of
from core.expression.wording import looks_label
from core.timeline.audience import Audience, SharedMoment
from core.timeline.span import Span


def audience_figure(
    found: Audience,
    label: str,
    span: Span,
    zone: tzinfo | None,
    *,
    elapsed_from_utc: datetime | None = None,
) -> go.Figure:
    """How many faces were read at once and how they looked; the moment that most shared.

    Args:
        found: to be drawn.
        label: whose most shared moment is marked.
        span: of the axis.
        zone: of the axis; None for this machine's.
        elapsed_from_utc: where a video began.
    """
    bands = Bands(axis_of(span, zone, elapsed_from_utc))
    most = max(1, math.ceil(found.faces_most))
    ticks = {count: str(count) for count in range(0, most + 1, max(1, -(-most // 4)))}
    axis = {**upright(ticks), "range": [0, most * 1.35]}  # room for words above the highest
    y = bands.add("Faces read at once, by how they look", 200, axis)
    grid = grid_of(found.begin_s, found.width_s)
    counts = {
        look: found.looking[:, found.looks.index(look)]
        for look in in_order(found.looks)
        if found.looking[:, found.looks.index(look)].any()
    }
    if counts:
        bands.stack(grid, counts, y, np.float32, "")
    shared = found.most_shared(label)
    if shared is not None:
        _point_at(bands, shared, found.width_s, label, y)
    figure = bands.finished(top_px=LEGEND_PX)
    return figure.update_layout(showlegend=True, legend=LEGEND)


def _point_at(bands: Bands, shared: SharedMoment, width_s: int, label: str, yaxis: str) -> None:
    middle = bands.axis.at_s(shared.begin_s + width_s / 2)
    looking, faces = round(shared.looking), max(1, round(shared.faces))
    words = looks_label(label) if looking == 1 else looks_label(label).replace("looks", "look")
    bands.figure.add_annotation(
        text=f"{looking} of {faces} {words}",
        x=middle,
        y=shared.faces,
        yref=yaxis,
        showarrow=True,
        arrowhead=2,
        arrowcolor=colour_of(label),
        ay=-28,
        ax=0,
        bgcolor=see_through("#808080", 0.25),
        borderpad=3,
    )
