"""Which expression went over to which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from app.charts import ROW_PX, bare
from app.palette import ACCENT_HEX
from app.timeline.field import still
from app.timeline.looks import in_order, per_cent_words, see_through, title_of
from core.timeline.changes import ChangeMatrix
from core.timeline.tally import Floats

_STRONG = 45
"""Per cent from which a field is dark enough for white numbers."""


_SCALE = [
    (share, see_through(ACCENT_HEX, opacity))
    for share, opacity in ((0, 0.08), (_STRONG / 100, 0.25), (_STRONG / 100, 0.7), (1, 1))
]
"""A step where the numbers turn white, so that they can be read on both sides of it."""


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
            colorscale=_SCALE,
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
    figure.update_xaxes(side="top", tickangle=-45, **still())
    figure.update_yaxes(autorange="reversed", automargin=True, **still())
    return figure


def _numbers(
    titles: Sequence[str],
    per_cent: Floats,
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
        text=[per_cent_words(value) for value in per_cent[where]],
        mode="text",
        textfont={"color": colour, "size": 13, "weight": 600},
        hoverinfo="skip",
    )
