"""Sessions beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.alerts.when import lasting
from app.palette import SERIES_HEX
from app.timeline.bands import LEGEND, LEGEND_PX, Bands, upright
from app.timeline.grid import grid_of
from app.timeline.looks import hex_of, in_order, title_of
from app.timeline.time_axis import elapsed_axis
from app.timeline.timeline_chart import VALENCE_TICKS
from core.timeline.adding import over_sessions
from core.timeline.distribution import Distribution, distribution
from core.timeline.span import Span
from core.timeline.tally import Tally
from core.timeline.valence import valence

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Where all sessions begin in the chart."""

_DASHES = ("solid", "dash", "dot", "dashdot")


def compare_figure(titles: Sequence[str], tallies: Sequence[Tally]) -> go.Figure:
    """Sessions below each other: how long each looked how, and valence since each began.

    Args:
        titles: of the sessions.
        tallies: as many, each with rows of one session, at least one with any.
    """
    sums = [over_sessions(tally) for tally in tallies]
    longest_s = max(_length_s(tally) for tally in sums)
    bands = Bands(elapsed_axis(Span(_EPOCH, _EPOCH + timedelta(seconds=longest_s)), _EPOCH))
    lines = [_series_line(number) for number in range(len(sums))]
    for title, tally, line in zip(titles, sums, lines, strict=True):
        drawn = "━━" if line["dash"] == "solid" else "━ ━"
        named = f'<span style="color:{line["color"]}"><b>{drawn}</b></span> {escape(title)}'
        _add_share_bar(bands, named, distribution(tally))
    y = bands.add("Valence since each began", 180, upright(VALENCE_TICKS, room=0.03))
    for title, tally, line in zip(titles, sums, lines, strict=True):
        if len(tally):
            since_s = tally.begin_s - tally.begin_s.min() + int(_EPOCH.timestamp())
            grid = grid_of(since_s, tally.width_s)
            bands.line(grid, valence(tally), y, escape(title), "%{y:+.2f}", **line)
    figure = bands.finished(top_px=LEGEND_PX)
    whole = {"range": [0, 100], "visible": False, "fixedrange": True, "anchor": "y"}
    return figure.update_layout(
        xaxis2=whole, barmode="stack", showlegend=True, legend=LEGEND, hovermode="closest"
    )


def _length_s(tally: Tally) -> int:
    return int(np.ptp(tally.begin_s)) + tally.width_s if len(tally) else 1


def _series_line(number: int) -> dict[str, Any]:
    dash = _DASHES[number // len(SERIES_HEX) % len(_DASHES)]
    return {"color": SERIES_HEX[number % len(SERIES_HEX)], "width": 2, "dash": dash}


def _add_share_bar(bands: Bands, title: str, found: Distribution) -> None:
    """All expressions in one bar from 0 to 100 per cent."""
    named = {trace.legendgroup for trace in bands.figure.data}
    hidden = {"visible": False, "range": [-0.5, 0.5]}
    y = bands.add(title, 24, hidden, "x2")
    for look in in_order(found.looks):
        index = found.looks.index(look)
        per_cent = float(found.share[index]) * 100
        bands.figure.add_trace(
            go.Bar(
                orientation="h",
                x=[per_cent],
                y=[0],
                xaxis="x2",
                yaxis=y,
                width=1,
                name=title_of(look),
                legendgroup=look,
                showlegend=look not in named,
                marker={"color": hex_of(look), "line": {"width": 0}},
                text=f"{per_cent:.0f}%" if per_cent >= 8 else "",
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": "#FFFFFF", "size": 13},
                hovertemplate=f"{title_of(look)}: %{{x:.1f}}%, "
                f"{lasting(int(found.seconds[index]))}<extra></extra>",
            )
        )
