"""All charts of the Timeline and the Video page."""

from __future__ import annotations

from datetime import datetime, tzinfo

import numpy as np
import plotly.graph_objects as go

from app.alerts.when import lasting
from app.charts import ROW_PX, bare
from app.palette import ACCENT_HEX
from app.timeline.audience_chart import audience_figure
from app.timeline.bands import Bands, upright
from app.timeline.changes_chart import changes_figure
from app.timeline.compare_chart import compare_figure
from app.timeline.grid import grid_of
from app.timeline.looks import hex_of, in_order, per_cent_words, title_of
from app.timeline.mark import Mark
from app.timeline.time_axis import axis_of, clock_axis, elapsed_axis, picked_span
from app.timeline.timeline_chart import VALENCE_TICKS, timeline_figure
from app.timeline.week_chart import heat_figure
from core.timeline.adding import over_sessions
from core.timeline.distribution import Distribution
from core.timeline.span import Span
from core.timeline.tally import Tally
from core.timeline.valence import valence

__all__ = [
    "Mark",
    "audience_figure",
    "axis_of",
    "changes_figure",
    "clock_axis",
    "compare_figure",
    "distribution_figure",
    "elapsed_axis",
    "heat_figure",
    "picked_span",
    "timeline_figure",
    "valence_figure",
]


def distribution_figure(found: Distribution) -> go.Figure:
    """A bar for each expression: its share of the time of all faces, and how long that was."""
    looks = in_order(found.looks)
    per_cent = np.array([found.share[found.looks.index(look)] for look in looks]) * 100
    seconds = [int(found.seconds[found.looks.index(look)]) for look in looks]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=per_cent,
            y=[title_of(look) for look in looks],
            marker={"color": [hex_of(look) for look in looks], "cornerradius": 4},
            text=[_share_and_time(*each) for each in zip(per_cent, seconds, strict=True)],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.1f}%<extra></extra>",
        )
    )
    figure.update_layout(bare(height_px=ROW_PX * len(looks) + 16), bargap=0.35)
    figure.update_xaxes(range=[0, max(1, per_cent.max()) * 1.6], visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticks="", automargin=True)
    return figure


def valence_figure(
    tally: Tally,
    span: Span,
    zone: tzinfo | None,
    *,
    elapsed_from_utc: datetime | None = None,
) -> go.Figure:
    """Of everybody together over time."""
    bands = Bands(axis_of(span, zone, elapsed_from_utc))
    everybody = over_sessions(tally)
    y = bands.add("", 200, upright(VALENCE_TICKS, room=0.03))
    grid = grid_of(everybody.begin_s, everybody.width_s)
    bands.line(grid, valence(everybody), y, "Valence", "%{y:+.2f}", color=ACCENT_HEX, width=2)
    return bands.finished(top_px=8)


def _share_and_time(per_cent: float, seconds: int) -> str:
    return f"{per_cent_words(per_cent)}, {lasting(seconds)}" if seconds else "–"
