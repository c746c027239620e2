"""The score against its two lines: of an episode that fired, and of the person in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape

import plotly.graph_objects as go

from app.charts import bare, per_cent_axis
from app.palette import ACCENT_HEX, ALERT_HEX
from core.alerts.alert import WhyItFired
from core.alerts.change import ScorePoint

EPISODE_PX = 220
LIVE_PX = 96
LIVE_SPAN_S = 120.0
_GAP_S = 2.5
"""Between two scores of one line; further apart the line breaks."""
_FLOOR = 0.02
"""So high is a live score of 0 drawn: a face was read, which is not nothing."""


def episode_chart(why: WhyItFired, fired_utc: datetime, zone: tzinfo | None) -> go.Figure:
    """The trail of scores with both lines and the dwell shaded.

    Args:
        why: with at least one score in its trail.
        fired_utc: where the dwell ends.
        zone: of the axis.
    """
    figure = go.Figure()
    if why.dwell_began_utc is not None:
        figure.add_vrect(
            x0=_wall(why.dwell_began_utc, zone),
            x1=_wall(fired_utc, zone),
            fillcolor=ALERT_HEX,
            opacity=0.16,
            line_width=0,
        )
    figure.add_trace(_trail(why.trail, zone))
    for level, name, dash in ((why.enter, "upper line", "dash"), (why.exit, "lower line", "dot")):
        if level is not None:
            _add_line(figure, level, f"{name} {level:.0%}", dash)
    figure.add_vline(x=_wall(fired_utc, zone), line={"color": ALERT_HEX, "width": 2})
    figure.update_layout(bare(height_px=EPISODE_PX, bottom_px=24), hovermode="x unified")
    figure.update_xaxes(
        showgrid=False,
        zeroline=False,
        tickformat="%H:%M:%S",
        hoverformat="%H:%M:%S",
        nticks=6,
    )
    figure.update_yaxes(per_cent_axis())
    return figure


def _wall(at_utc: datetime, zone: tzinfo | None) -> datetime:
    # Trap: plotly draws aware times in UTC.
    return at_utc.astimezone(zone).replace(tzinfo=None)


def _trail(trail: Sequence[ScorePoint], zone: tzinfo | None) -> go.Scatter:
    x: list[datetime] = []
    y: list[float | None] = []
    for index, point in enumerate(trail):
        if index and point.at_s - trail[index - 1].at_s > _GAP_S:
            x.append(_wall(point.at_utc, zone))
            y.append(None)
        x.append(_wall(point.at_utc, zone))
        y.append(point.score * 100)
    return go.Scatter(
        x=x,
        y=y,
        mode="lines" if len(trail) > 1 else "markers",
        line={"color": ACCENT_HEX, "width": 2},
        hovertemplate="%{y:.0f}%<extra></extra>",
        connectgaps=False,
    )


def _add_line(figure: go.Figure, level: float, text: str, dash: str) -> None:
    figure.add_hline(
        y=level * 100,
        line={"color": "rgba(128, 128, 128, 0.8)", "width": 1.5, "dash": dash},
        annotation={"text": text, "font": {"size": 12}},
        annotation_position="top left",
    )


def live_score_html(
    points: Sequence[tuple[float, float]], upper: float | None, lower: float | None, said: str
) -> str:
    """The last two minutes of one score; the newest at the right edge.

    Boxes cut to shape: a plotly chart remounts at each update, once a second beside a moving
    picture, and Streamlit lets no SVG through.

    Args:
        points: seconds ago and score, oldest first.
        upper: line, 0 to 1; None where a rule has none.
        lower: the same.
        said: what the chart shows, for who can't see it.
    """
    areas = "".join(
        f'<div style="position:absolute;inset:0;background:{ACCENT_HEX};opacity:.6;'
        f'clip-path:polygon({_outline(run)})"></div>'
        for run in _runs(points)
    )
    lines = "".join(
        f'<div style="position:absolute;left:0;right:0;bottom:{level:.1%};'
        f'border-bottom:1.5px {dash} rgba(128,128,128,.9)">'
        f'<span style="position:absolute;left:.4rem;bottom:0;opacity:.8">{name} {level:.0%}</span>'
        "</div>"
        for level, name, dash in ((upper, "upper line", "dashed"), (lower, "lower line", "dotted"))
        if level is not None
    )
    return (
        f'<div role="img" aria-label="{escape(said, quote=True)}" style="position:relative;'
        f"height:{LIVE_PX}px;font-size:.75rem;line-height:1.3;border-radius:6px;overflow:hidden;"
        f'background:rgba(128,128,128,.1)">{areas}{lines}</div>'
    )


def _runs(points: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Cut where nothing was read."""
    runs: list[list[tuple[float, float]]] = []
    for ago_s, score in points:
        if runs and runs[-1][-1][0] - ago_s <= _GAP_S:
            runs[-1].append((ago_s, score))
        else:
            runs.append([(ago_s, score)])
    return runs


def _outline(run: Sequence[tuple[float, float]]) -> str:
    """Along the scores and back along the floor, in per cent of the box."""
    if len(run) == 1:
        run = [run[0], (run[0][0] - 1, run[0][1])]  # a point has no area
    along = [
        (100 * (1 - ago_s / LIVE_SPAN_S), 100 * (1 - max(score, _FLOOR))) for ago_s, score in run
    ]
    corners = [(along[0][0], 100.0), *along, (along[-1][0], 100.0)]
    return ",".join(f"{x:.1f}% {y:.1f}%" for x, y in corners)
