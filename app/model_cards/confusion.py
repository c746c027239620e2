"""The confusion matrix as a chart."""

from __future__ import annotations

from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from app.charts import bare
from app.palette import swatch
from core.expression.evaluation import Evaluation

ROW_PX = 44
CLOSE_ROW_PX = 24
"""Without numbers in the cells."""
MOST_WITH_NUMBERS = 12
"""Of labels: in a larger matrix numbers would not fit their cells, and only the pointer shows
them."""

STYLE = """<style>
[class*="st-key-models-confusion"] .textpoint text { fill: currentColor !important }
</style>"""
"""The numbers take the page's ink, which a chart does not know: it differs with the theme."""

_RIGHT = [[0, "rgba(15, 118, 110, 0.04)"], [1, "rgba(15, 118, 110, 0.62)"]]
_WRONG = [[0, "rgba(196, 137, 0, 0.02)"], [1, "rgba(196, 137, 0, 0.85)"]]
"""See-through, so that the theme's own ink stays readable on them, light and dark."""


def confusion_chart(evaluation: Evaluation, *, as_shares: bool) -> go.Figure:
    """A row per given label, a column per read one; the diagonal is what it got right.

    Args:
        evaluation: of one model.
        as_shares: write shares of each row instead of counts. The colours are shares always.
    """
    counts = np.array(evaluation.confusion)
    rows = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(rows, 1)
    right = np.eye(len(counts), dtype=bool)
    figure = go.Figure()
    for scale, inside in ((_RIGHT, right), (_WRONG, ~right)):
        figure.add_trace(_cells(evaluation, np.where(inside, shares, np.nan), scale))
    if not is_large(evaluation):
        figure.add_trace(_numbers(counts, shares, as_shares=as_shares))
    row_px = CLOSE_ROW_PX if is_large(evaluation) else ROW_PX
    figure.update_layout(bare(height_px=row_px * len(counts) + 110))
    ticks = {
        "tickvals": list(range(len(counts))),
        "ticktext": [escape(swatch(label).title) for label in evaluation.labels],
        "fixedrange": not is_large(evaluation),
        "showgrid": False,
        "zeroline": False,
    }
    figure.update_xaxes(
        title="read as",
        side="top",
        tickangle=-90,
        ticklabeloverflow="allow",
        **ticks,
    )
    figure.update_yaxes(
        title="labelled",
        autorange="reversed",
        automargin=True,
        **ticks,
    )
    return figure


def is_large(evaluation: Evaluation) -> bool:
    """Whether the chart wants the whole width, and has no room for numbers."""
    return len(evaluation.labels) > MOST_WITH_NUMBERS


def told(given: str, read: str, faces: int, of: int) -> str:
    """One cell in words."""
    if not of:
        return f"no face is labelled {given}"
    return f"of {of:,} labelled {given}, {faces:,} read as {read} ({faces / of:.0%})"


def _cells(
    evaluation: Evaluation, shares: npt.NDArray[np.float64], scale: list[list[object]]
) -> go.Heatmap:
    return go.Heatmap(
        z=shares,
        zmin=0,
        zmax=1,
        colorscale=scale,
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        customdata=_in_words(evaluation),
        hovertemplate="%{customdata}<extra></extra>",
    )


def _in_words(evaluation: Evaluation) -> list[list[str]]:
    labels = [escape(label) for label in evaluation.labels]
    return [
        [told(given, read, faces, sum(row)) for read, faces in zip(labels, row, strict=True)]
        for given, row in zip(labels, evaluation.confusion, strict=True)
    ]


def _numbers(
    counts: npt.NDArray[np.int64], shares: npt.NDArray[np.float64], *, as_shares: bool
) -> go.Scatter:
    """A trace of its own: the text of a heatmap picks its ink without knowing the background."""
    row, column = np.indices(counts.shape)
    carried = counts.sum(axis=1)[row] > 0
    written = np.char.mod("%.0f%%", shares * 100) if as_shares else counts.astype(str)
    return go.Scatter(
        x=column.ravel(),
        y=row.ravel(),
        mode="text",
        text=np.where(carried, written, "–").ravel().tolist(),
        hoverinfo="skip",
    )
