"""Charts of readings. Transparent, so that they stand on the light and on the dark theme."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Trap: Streamlit loads pandas at the first table. A click meanwhile starts a second thread, whose
# charts then meet a pandas that is half loaded, and fail. Here it is whole before any drawing.
import pandas  # noqa: F401
import plotly.graph_objects as go

from app.palette import FAINT_RGBA, swatch
from core.expression.reading import Reading

ROW_PX = 34
"""Height of one bar with its air."""

TIMELINE_PX = 280
TIMELINE_SPAN_S = 120

CHART_CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
"""For `st.plotly_chart(config=...)`: hover, zoom and save, without advertising."""


def probability_bars(reading: Reading, sure_from: float) -> go.Figure:
    """All probabilities of one face, in the model's own order, so that no bar changes its place.

    Args:
        reading: of one face.
        sure_from: confidence from which the product says a word; drawn as a line.
    """
    swatches = [swatch(label) for label in reading.labels]
    per_cent = np.asarray(reading.probabilities) * 100
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=per_cent,
            y=[
                _emphasised(s.title, label == reading.top)
                for s, label in zip(swatches, reading.labels, strict=True)
            ],
            marker={"color": [s.colour_hex for s in swatches], "cornerradius": 4},
            text=[f"{value:.0f}%" for value in per_cent],
            textposition="outside",
            cliponaxis=False,
            customdata=[s.word for s in swatches],
            hovertemplate="%{customdata}: %{x:.1f}%<extra></extra>",
        )
    )
    figure.add_vline(
        x=sure_from * 100,
        line={"color": FAINT_RGBA, "width": 2, "dash": "dot"},
        annotation={
            "text": f"sure from {sure_from:.0%}",
            "yref": "paper",
            "y": 0,
            "yanchor": "top",
            "xanchor": "right" if sure_from > 0.4 else "left",
        },
        annotation_showarrow=False,
    )
    figure.update_layout(bare(height_px=ROW_PX * len(swatches) + 40, bottom_px=24), bargap=0.35)
    figure.update_xaxes(range=[0, 125], visible=False, fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticks="", automargin=True)
    return figure


def rolling_timeline(
    seconds_ago: npt.NDArray[np.float64],
    probabilities: npt.NDArray[np.float64],
    labels: tuple[str, ...],
) -> go.Figure:
    """The last two minutes of one face; axes never move, so that only the lines do.

    Args:
        seconds_ago: (n,), 0 is now, any order that rises or falls; at most a few hundred, or the
            page stutters.
        probabilities: (n, k), 0 to 1; a row of NaN leaves a gap where there was no face.
        labels: k labels.
    """
    figure = go.Figure()
    newest = slice(*_newest(seconds_ago))
    for column, label in enumerate(labels):
        x, per_cent = -seconds_ago, probabilities[:, column] * 100
        figure.add_traces([_line(label, x, per_cent), _now(label, x[newest], per_cent[newest])])
    figure.update_layout(
        bare(height_px=TIMELINE_PX),
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(
        range=[-TIMELINE_SPAN_S, 2],
        tickvals=[-120, -90, -60, -30, 0],
        ticktext=["2 min ago", "90 s", "1 min", "30 s", "now"],
        showgrid=False,
        zeroline=False,
        hoverformat=".0f",
    )
    figure.update_yaxes(per_cent_axis())
    return figure


def _newest(seconds_ago: npt.NDArray[np.float64]) -> tuple[int, int]:
    if not len(seconds_ago):
        return 0, 0
    index = int(np.argmin(seconds_ago))
    return index, index + 1


def _line(label: str, x: npt.NDArray[np.float64], per_cent: npt.NDArray[np.float64]) -> go.Scatter:
    shown = swatch(label)
    return go.Scatter(
        x=x,
        y=per_cent,
        name=shown.title,
        legendgroup=label,
        mode="lines",
        line={"color": shown.colour_hex, "width": 2},
        hovertemplate="%{y:.0f}%",
        connectgaps=False,
    )


def _now(label: str, x: npt.NDArray[np.float64], per_cent: npt.NDArray[np.float64]) -> go.Scatter:
    """The symbol at the line's end, which the line's entry in the legend hides with it.

    A trace of its own: markers of no size on every point of the line cost the browser more, once
    a second, than the lines do.
    """
    shown = swatch(label)
    return go.Scatter(
        x=x,
        y=per_cent,
        legendgroup=label,
        showlegend=False,
        mode="markers",
        marker={"color": shown.colour_hex, "symbol": shown.marker, "size": 10, "opacity": 1},
        hoverinfo="skip",
    )


def bare(height_px: int, bottom_px: int = 8) -> dict[str, object]:
    """The layout that all charts share."""
    return {
        "height": height_px,
        "margin": {"l": 0, "r": 0, "t": 8, "b": bottom_px},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "uirevision": "steady",  # zoom and hidden lines survive a redraw
        "transition": {"duration": 0},
        # Trap: over a transparent chart plotly makes its buttons' ground dark grey
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "rgba(128, 128, 128, 0.9)"},
    }


def per_cent_axis() -> dict[str, object]:
    """The upright axis of what goes from 0 to 100; it never moves."""
    return {
        "range": [0, 102],
        "tickvals": [0, 50, 100],
        "ticktext": ["0%", "50%", "100%"],
        "gridcolor": FAINT_RGBA,
        "zeroline": False,
        "fixedrange": True,
    }


def _emphasised(text: str, strong: bool) -> str:
    return f"<b>{text}</b>" if strong else text
