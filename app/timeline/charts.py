"""All charts of the Timeline and the Video page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from app.alerts.when import lasting
from app.charts import ROW_PX, bare
from app.palette import ACCENT_HEX, SERIES_HEX
from app.timeline.bands import LEGEND, LEGEND_PX, Bands, upright
from app.timeline.grid import grid_of
from app.timeline.looks import colour_of, hex_of, in_order, see_through, title_of, word_of
from app.timeline.mark import Mark
from app.timeline.time_axis import axis_of, clock_axis, elapsed_axis, picked_span
from app.timeline.timeline_chart import VALENCE_TICKS, timeline_figure
from core.expression.wording import looks_label
from core.timeline.adding import over_sessions
from core.timeline.audience import Audience, SharedMoment
from core.timeline.changes import ChangeMatrix
from core.timeline.distribution import Distribution, distribution
from core.timeline.heat import SECONDS, VALENCE, HeatMap
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

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_BARELY_RGBA = "rgba(128, 128, 128, 0.06)"
_STRONG = 45
"""Per cent from which a field is dark enough for white numbers."""
_DASHES = ("solid", "dash", "dot", "dashdot")


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


def changes_figure(found: ChangeMatrix) -> go.Figure:
    """From which expression to which: of each row, what came after, in per cent."""
    taking_part = (found.counts + found.counts.T).sum(axis=0)
    looks = [look for look in in_order(found.looks) if taking_part[found.looks.index(look)]]
    order = [found.looks.index(look) for look in looks]
    counts = found.counts[np.ix_(order, order)]
    per_cent = np.where(counts > 0, found.share[np.ix_(order, order)] * 100, np.nan)
    titles = [title_of(look) for look in looks]
    figure = go.Figure(
        go.Heatmap(
            x=titles,
            y=titles,
            z=per_cent.astype(np.float32),
            customdata=counts,
            colorscale=_paling(ACCENT_HEX),
            zmin=0,
            zmax=100,
            showscale=False,
            hoverongaps=False,
            hovertemplate="%{y} to %{x}: %{z:.0f}% of what followed,<br>"
            "%{customdata} times<extra></extra>",
            xgap=2,
            ygap=2,
        )
    )
    figure.add_traces(
        [
            _numbers(titles, per_cent, per_cent >= _STRONG, "#FFFFFF"),
            _numbers(titles, per_cent, per_cent < _STRONG, None),
        ]
    )
    figure.update_layout(bare(height_px=ROW_PX * len(looks) + 90))
    figure.update_xaxes(side="top", tickangle=-45, **_still())
    figure.update_yaxes(autorange="reversed", automargin=True, **_still())
    return figure


def _numbers(
    titles: Sequence[str],
    per_cent: npt.NDArray[np.float64],
    where: npt.NDArray[np.bool_],
    colour: str | None,
) -> go.Scatter:
    # Trap: plotly chooses a cell's text for its colour without what shines through it, so in the
    # dark theme the numbers of pale cells would be dark as well. Without a colour they have the
    # theme's.
    rows, columns = np.nonzero(where)
    return go.Scatter(
        x=np.array(titles)[columns],
        y=np.array(titles)[rows],
        text=[_per_cent(value) for value in per_cent[where]],
        mode="text",
        textfont={"color": colour, "size": 13},
        hoverinfo="skip",
    )


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
        tickvals=six, ticktext=[f"{hour}:00" for hour in six], type="category", **_still()
    )
    figure.update_yaxes(autorange="reversed", automargin=True, type="category", **_still())
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


def _length_s(tally: Tally) -> int:
    return int(np.ptp(tally.begin_s)) + tally.width_s if len(tally) else 1


def _series_line(number: int) -> dict[str, Any]:
    dash = _DASHES[number // len(SERIES_HEX) % len(_DASHES)]
    return {"color": SERIES_HEX[number % len(SERIES_HEX)], "width": 2, "dash": dash}


def _add_share_bar(bands: Bands, title: str, found: Distribution) -> None:
    """All expressions in one bar from 0 to 100 per cent."""
    first = not bands.bands
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
                showlegend=first,
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


def _share_and_time(per_cent: float, seconds: int) -> str:
    return f"{_per_cent(per_cent)}, {lasting(seconds)}" if seconds else "–"


def _per_cent(value: float) -> str:
    return f"{value:.0f}%" if value >= 0.5 else "<1%"


def _still() -> dict[str, Any]:
    return {"fixedrange": True, "showgrid": False, "ticks": "", "zeroline": False}


def _paling(colour_hex: str) -> list[tuple[float, str]]:
    """From nearly nothing to the colour."""
    return [(0, see_through(colour_hex, 0.12)), (1, see_through(colour_hex, 1))]


def _heat_look(found: HeatMap, shown: npt.NDArray[np.float64]) -> dict[str, Any]:
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
            "colorscale": _paling(ACCENT_HEX),
            "zmin": 0,
            "colorbar": {**bar, "ticksuffix": " min"},
            "hovertemplate": "%{y} %{x}:00: %{z:.0f} min seen<extra></extra>",
        }
    per_cent = np.round(shown * 100, 1)
    return {
        "z": per_cent.astype(np.float32),
        "colorscale": _paling(hex_of(found.what)),
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
