"""One look at the Timeline, as far as the server makes it: what is read, added up and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from app.timeline.charts import timeline_figure
from app.timeline.mark import Mark
from app.timeline.marks import marks_between
from core.records.session import Session
from core.timeline.adding import over_sessions
from core.timeline.grain import width_for
from core.timeline.lanes import lanes
from core.timeline.span import Span
from core.timeline.tally import Tally

if TYPE_CHECKING:
    from app.looking_back import LookingBack

MOST_COLUMNS = 750
"""Pieces of the chart: each has a dozen values, and they all go to the browser."""
MOST_LANES = 8
LANES_UP_TO_S = 25 * 3600
"""As a day on which clocks change. In longer times nearly everybody left and was counted anew."""


@dataclass(frozen=True, eq=False)
class View:
    """Of one span.

    Attributes:
        span: that was asked for.
        sessions: that were asked for; empty for all cameras.
        tally: of each person.
        everybody: of all people and sessions together.
        marks: alerts and notes, by time.
        people: how many track ids; who leaves and comes back counts anew.
        lanes: how many of them have a lane.
        is_faded: whether finer pieces would be shown if they were still kept.
        figure: None where nobody was read and nothing is marked.
    """

    span: Span
    sessions: tuple[Session, ...]
    tally: Tally
    everybody: Tally
    marks: tuple[Mark, ...]
    people: int
    lanes: int
    is_faded: bool
    figure: go.Figure | None

    @property
    def seconds(self) -> int:
        """In which a face was read; every person's count."""
        return int(self.everybody.seconds.sum())


def build_view(
    looking_back: LookingBack,
    span: Span,
    sessions: Sequence[Session],
    zone: tzinfo | None,
    *,
    drag: bool = True,
) -> View:
    """All that the page needs of the server for its chart.

    Args:
        looking_back: the records.
        span: to be shown.
        sessions: only these; empty for all cameras.
        zone: of the axis.
        drag: dragging over the chart chooses a time.

    Raises:
        RecordsError: the database cannot be read.
    """
    width_s = width_for(span, MOST_COLUMNS)
    only = [session.id for session in sessions] or None
    tally = looking_back.timeline.tally(span, width_s, only)
    everybody = over_sessions(tally)
    of_people = lanes(tally, MOST_LANES if span.length_s <= LANES_UP_TO_S else 0)
    marks = marks_between(looking_back, span, sessions)
    return View(
        span=span,
        sessions=tuple(sessions),
        tally=tally,
        everybody=everybody,
        marks=marks,
        people=len(of_people.people) + of_people.others,
        lanes=len(of_people.people),
        is_faded=tally.width_s > width_s,
        figure=timeline_figure(everybody, of_people, marks, span, zone, drag=drag)
        if len(tally) or marks
        else None,
    )
