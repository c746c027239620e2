"""Bands of a chart below each other, each as high as it needs, over one axis of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app.charts import bare
from app.palette import ACCENT_HEX, FAINT_RGBA
from app.timeline.grid import Grid, alone
from app.timeline.looks import colour_of, hex_of, title_of
from app.timeline.time_axis import TimeAxis
from core.timeline.tally import Floats

LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
"""Above the bands; a phone makes more room for it by itself."""

LEGEND_PX = 34
"""Of one row."""

LEFT_PX, RIGHT_PX = 44, 12
"""Margins of all charts over time, so that they stand below each other to the pixel."""

TITLE_PX = 30
"""Above a band that has a title."""

_BOTTOM_PX, _CLOCKS_PX = 44, 22
_CURSOR = {
    "showspikes": True,
    "spikemode": "across",
    "spikesnap": "cursor",
    "spikethickness": 1,
    "spikedash": "solid",
    "spikecolor": "rgba(128, 128, 128, 0.8)",
}
_TITLE = {
    "x": 0,
    "xref": "paper",
    "yref": "paper",
    "xanchor": "left",
    "yanchor": "bottom",
    "yshift": 1,
    "showarrow": False,
    "font": {"size": 13},
}
_CLOCKS_CHANGE = {
    **_TITLE,
    "text": "The clocks change within this time; hours are those of its end.",
    "x": 1,
    "y": 0,
    "xanchor": "right",
    "yanchor": "top",
    "yshift": -46,
    "font": {"size": 11},
}


@dataclass(frozen=True)
class Band:
    """Attributes: as the names say; `yaxis` is plotly's."""

    title: str
    height_px: int
    yaxis: dict[str, Any]
    xaxis: str = "x"


@dataclass
class Bands:
    """A chart that is being built: bands from top to bottom, then `finished`."""

    axis: TimeAxis
    figure: go.Figure = field(default_factory=go.Figure)
    bands: list[Band] = field(default_factory=list)

    def add(self, title: str, height_px: int, yaxis: dict[str, Any], xaxis: str = "x") -> str:
        """Below the others; plotly's name of its upright axis."""
        self.bands.append(Band(title, height_px, yaxis, xaxis))
        return _name(len(self.bands))

    def stack(
        self, grid: Grid, values: Mapping[str, Floats], yaxis: str, sent: type, unit: str
    ) -> None:
        """Areas on top of each other; nothing is drawn in gaps.

        Args:
            grid: of the pieces.
            values: by look, from the lowest; at least one.
            yaxis: as `add` told it.
            sent: numpy type of what hovering tells; the smallest that holds it.
            unit: behind a number.
        """
        for look, layer in values.items():
            self.figure.add_trace(
                go.Scatter(
                    **grid.x(self.axis),
                    y=grid.spread(layer),
                    yaxis=yaxis,
                    name=title_of(look),
                    stackgroup=yaxis,
                    line={"width": 0, "shape": "hvh"},
                    fillcolor=colour_of(look),
                    hoverinfo="skip",
                )
            )
        whole = grid.spread(np.sum(list(values.values()), axis=0))
        told = [np.nan_to_num(grid.spread(layer)) for layer in values.values()]
        self.figure.add_trace(
            go.Scatter(
                **grid.x(self.axis),
                y=np.round(whole / 2, 1),
                yaxis=yaxis,
                customdata=np.round(np.column_stack(told), 1).astype(sent),
                mode="lines",
                line={"width": 0},
                showlegend=False,
                hovertemplate=_all_of(list(values), unit),
            )
        )

    def line(
        self, grid: Grid, values: Floats, yaxis: str, name: str, unit: str, **line: object
    ) -> None:
        """Of pieces; breaks in gaps. `unit` is plotly's template of a value."""
        laid_out = grid.spread(values)
        single = alone(laid_out)
        self.figure.add_trace(
            go.Scatter(
                **grid.x(self.axis),
                y=laid_out,
                yaxis=yaxis,
                name=name,
                mode="lines+markers" if single.any() else "lines",
                marker={"size": single.astype(np.uint8) * 5, "opacity": 1, "line": {"width": 0}},
                line=line,
                connectgaps=False,
                showlegend=False,
                hovertemplate=f"{name} {unit}<extra></extra>",
            )
        )

    def finished(self, *, top_px: int, drag: bool = False) -> go.Figure:
        """The figure, as high as its bands.

        Args:
            top_px: room above them, for a legend.
            drag: dragging chooses a time. Trap: a chart that is dragged on keeps a finger from
                scrolling the page.
        """
        bottom_px = _BOTTOM_PX + (_CLOCKS_PX if self.axis.clocks_change else 0)
        upright_axes, words = self._places()
        # One update: plotly takes its time for each.
        self.figure.update_layout(
            {
                **bare(height_px=self._whole_px + top_px + bottom_px),
                "margin": {"l": LEFT_PX, "r": RIGHT_PX, "t": top_px, "b": bottom_px},
                # Trap: around the line at the pointer plotly draws the background; of none, white.
                "plot_bgcolor": None,
                "annotations": [*self.figure.layout.annotations, *words],
                "xaxis": {**self.axis.layout(), **_CURSOR, "anchor": _name(len(self.bands))},
                **upright_axes,
                "hovermode": "x",
                "dragmode": "select" if drag else False,
                "selectdirection": "h",
                "newselection": {"line": {"color": ACCENT_HEX, "width": 2, "dash": "solid"}},
                "activeselection": {"fillcolor": ACCENT_HEX, "opacity": 0.15},
            }
        )
        return self.figure

    @property
    def _whole_px(self) -> int:
        return max(1, sum(_px(band) for band in self.bands))

    def _places(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Upright axes by plotly's names, and what is written above them."""
        axes: dict[str, Any] = {}
        words = []
        below_px = self._whole_px
        for number, band in enumerate(self.bands, 1):
            top = (below_px - _px(band) + band.height_px) / self._whole_px
            below_px -= _px(band)
            axes[f"yaxis{number}"] = {
                **band.yaxis,
                "domain": [below_px / self._whole_px, top],
                "anchor": band.xaxis,
                "fixedrange": True,
                "automargin": False,
            }
            if band.title:
                words.append({**_TITLE, "text": band.title, "y": top})
        return axes, [*words, _CLOCKS_CHANGE] if self.axis.clocks_change else words


def _all_of(looks: Sequence[str], unit: str) -> str:
    """A template that tells all layers, the uppermost first."""
    told = [
        f'<span style="color:{hex_of(look)}">■</span> {title_of(look)} '
        f"%{{customdata[{index}]}}{unit}"
        for index, look in enumerate(looks)
    ]
    return f"{'<br>'.join(reversed(told))}<extra></extra>"


def upright(ticks: Mapping[int, str], room: float = 0.0) -> dict[str, Any]:
    """A band's axis from its first tick to its last.

    Args:
        ticks: value and words.
        room: beyond both, as a part of the whole, so that lines at the ends are not cut.
    """
    low, high = min(ticks), max(ticks)
    rest = (high - low) * room
    return {
        "range": [low - rest, high + rest],
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "gridcolor": FAINT_RGBA,
        "zeroline": False,
    }


def rows(names: Sequence[str]) -> dict[str, Any]:
    """A band's axis with one row for each name, from the top."""
    return {
        "range": [len(names) - 0.5, -0.5],
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }


def _px(band: Band) -> int:
    return band.height_px + (TITLE_PX if band.title else 0)


def _name(number: int) -> str:
    return "y" if number <= 1 else f"y{number}"
