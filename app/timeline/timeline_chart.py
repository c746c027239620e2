"""The large chart of looking back: everything over one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import numpy as np
import plotly.graph_objects as go

from app.palette import ACCENT_HEX, ALERT_HEX, swatch
from app.timeline.bands import LEGEND, LEGEND_PX, Bands, rows, upright
from app.timeline.grid import grid_of
from app.timeline.looks import (
    colour_of,
    in_order,
    legend_entry,
    see_through,
    steps,
    word_of,
)
from app.timeline.mark import Mark, mark_traces
from app.timeline.time_axis import axis_of
from core.expression.wording import NOT_SURE
from core.timeline.adding import over_sessions
from core.timeline.lanes import LOOKS_UNSURE, NOT_THERE, Lanes, lanes
from core.timeline.span import Span
from core.timeline.tally import Tally
from core.timeline.valence import valence

_MARKS_PX, _STACK_PX, _STRIP_PX, _LINE_PX = 30, 190, 20, 84
_MOST_LINES = 24
"""More marks get no line down the chart."""

PER_CENT = {0: "0%", 50: "50%", 100: "100%"}
VALENCE_TICKS = {-1: "−1", 0: "0", 1: "+1"}


def timeline_figure(
    everybody: Tally,
    of_people: Lanes,
    marks: Sequence[Mark],
    span: Span,
    zone: tzinfo | None,
    *,
    elapsed_from_utc: datetime | None = None,
    drag: bool = True,
) -> go.Figure:
    """Mean probabilities, likeliest expressions, people, pain, valence; marks above all.

    Args:
        everybody: of the span; people and sessions are added up where they are not yet.
        of_people: of the same span; its pieces may be wider.
        marks: within the span; a point's customdata is the mark's kind and number.
        span: that the axis shows, whatever was seen of it.
        zone: of the axis; None for this machine's.
        elapsed_from_utc: where a video began: the axis then shows the time since.
        drag: dragging chooses a time, which `picked_span` tells. Traps: Streamlit then reports no
            clicks on marks, and a finger on the chart no longer scrolls the page.
    """
    bands = Bands(axis_of(span, zone, elapsed_from_utc))
    tally = over_sessions(everybody)
    if marks:
        _add_marks(bands, marks)
    if len(tally):
        _add_probabilities(bands, tally)
        _add_strips(bands, lanes(tally, 1), "Likeliest expression", ["All"])
        if of_people.people and len(of_people.people) + of_people.others > 1:
            _add_strips(bands, of_people, _title(of_people), _names(of_people), "Person %{y}: ")
        if tally.pain_seconds.any():
            _add_pain(bands, tally)
        _add_valence(bands, tally)
    figure = bands.finished(top_px=LEGEND_PX, drag=drag)
    return figure.update_layout(showlegend=True, legend=LEGEND)


def _add_marks(bands: Bands, marks: Sequence[Mark]) -> None:
    y = bands.add("", _MARKS_PX, {"range": [-1, 1], "visible": False})
    bands.figure.add_traces(mark_traces(marks, bands.axis, y))
    for mark in marks if len(marks) <= _MOST_LINES else ():
        bands.figure.add_shape(
            type="line",
            x0=bands.axis.at(mark.at_utc),
            x1=bands.axis.at(mark.at_utc),
            y0=0,
            y1=1,
            yref="paper",
            line={"color": ALERT_HEX if mark.kind == "alert" else ACCENT_HEX, "width": 1},
            opacity=0.6,
        )


def _add_probabilities(bands: Bands, tally: Tally) -> None:
    y = bands.add("How faces look, mean probability", _STACK_PX, upright(PER_CENT))
    grid = grid_of(tally.begin_s, tally.width_s)
    per_cent = tally.probabilities / tally.seconds[:, None] * 100
    layers = {label: per_cent[:, tally.labels.index(label)] for label in in_order(tally.labels)}
    bands.stack(grid, layers, y, np.uint8, "%")
    bands.figure.add_trace(legend_entry(NOT_SURE, y))


def _add_strips(
    bands: Bands, found: Lanes, title: str, names: Sequence[str], whose: str = ""
) -> None:
    """A level strip for each lane, coloured by what was likeliest; `whose` begins what is told."""
    y = bands.add(title, _STRIP_PX * len(names), rows(names))
    looks = (*found.labels, NOT_SURE)
    codes = np.where(found.looks == LOOKS_UNSURE, len(found.labels), found.looks)
    there = found.looks != NOT_THERE
    words = np.array([*map(word_of, looks), ""], object)
    bands.figure.add_trace(
        go.Heatmap(
            **grid_of(found.begin_s, found.width_s).x(bands.axis),
            y=np.arange(len(names)),
            z=np.where(there, codes, np.nan).astype(np.float32),
            yaxis=y,
            text=words[np.where(there, codes, -1)],
            hovertemplate=f"%{{x}}<br>{whose}%{{text}}<extra></extra>",
            hoverongaps=False,
            zmin=-0.5,
            zmax=len(looks) - 0.5,
            colorscale=steps([colour_of(look) for look in looks]),
            showscale=False,
            ygap=3,
        )
    )


def _add_pain(bands: Bands, tally: Tally) -> None:
    grid, colour = grid_of(tally.begin_s, tally.width_s), swatch("pain").colour_hex
    read = np.where(tally.pain_seconds > 0, 100.0, np.nan)
    mean = tally.pain / np.maximum(1, tally.pain_seconds) * read
    most = tally.pain_most * read
    one = np.allclose(mean, most, equal_nan=True)
    title = "Pain, as the alert model reads it"
    title += "" if one else "; pale: its peaks"
    y = bands.add(title, _LINE_PX, upright(PER_CENT, room=0.03))
    if not one:
        pale = see_through(colour, 0.5)
        bands.line(grid, most, y, "Peak", "%{y:.0f}%", color=pale, width=1)
    bands.line(grid, mean, y, "Mean", "%{y:.0f}%", color=colour, width=2)


def _add_valence(bands: Bands, tally: Tally) -> None:
    title = "Valence: looks pleasant above 0, unpleasant below"
    y = bands.add(title, _LINE_PX, upright(VALENCE_TICKS, room=0.03))
    grid = grid_of(tally.begin_s, tally.width_s)
    bands.line(grid, valence(tally), y, "Valence", "%{y:+.2f}", color=ACCENT_HEX, width=2)


def _title(found: Lanes) -> str:
    if not found.others:
        return "Each person"
    return f"Each person; {found.others} more, seen more briefly, not drawn"


def _names(found: Lanes) -> list[str]:
    return [str(person.track) for person in found.people]
