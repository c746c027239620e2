"""How a video went down with those who are seen in it, when they are several."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from app.charts import CHART_CONFIG
from app.palette import swatch
from app.timeline.charts import audience_figure
from app.video.found import Found
from app.video.words import clock_time
from core.expression.wording import looks_label
from core.timeline.adding import coarser
from core.timeline.audience import Audience, SharedMoment, audience

_LONG_S, _SHORT_S = 60, 10
"""Of a piece whose liveliness is told: a minute, or less of a short video."""

_STYLE = """<style>.st-key-video-crowd {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem;
}</style>"""

_HONEST = (
    "Counted over all faces that were read, while they were read. It tells how faces looked, not "
    "how funny or moving they found it: people also smile to be polite, and laugh with a still "
    "face. A face that turns away is not counted, so a chart of few faces tells little."
)


def show_crowd(found: Found) -> None:
    """Nothing where never more than one face was seen at once."""
    if found.summary.faces_most < 2 or not len(found.tally):
        return
    everybody = audience(found.tally)
    st.subheader("Everybody together")
    label = _choose_label(found)
    _figures(found, everybody, label)
    st.plotly_chart(
        audience_figure(everybody, label, found.span, None, elapsed_from_utc=found.began_utc),
        key="video-audience",
        config=CHART_CONFIG,
        alt="How many faces were read at once, and how they looked",
    )
    st.caption(_HONEST)


def _choose_label(found: Found) -> str:
    labels = [label for label in found.tally.labels if label != "neutral"]
    usual = labels.index("happy") if "happy" in labels else 0
    return st.selectbox(
        "What to look for",
        labels,
        index=usual,
        key="video-crowd-label",
        format_func=lambda label: swatch(label).title,
        width=240,
    )


def _figures(found: Found, everybody: Audience, label: str) -> None:
    wide_s = _LONG_S if found.span.length_s >= 3 * _LONG_S else _SHORT_S
    wide = audience(coarser(found.tally, max(wide_s, found.tally.width_s)))
    st.html(_STYLE)
    row = st.container(key="video-crowd")
    row.metric(
        looks_label(label).replace("looks", "Looking").capitalize(),
        f"{everybody.part_looking(label):.0%}",
        help="Of all faces that were read, on average over the whole video.",
    )
    row.metric("Faces at once", f"{everybody.faces_mean:.1f}", help="On average; read ones only.")
    row.metric("Most shared moment", _moment(found, everybody.most_shared(label)))
    row.metric(
        "Liveliest minute" if wide_s == _LONG_S else "Liveliest 10 seconds",
        _piece(found, wide.liveliest, wide.width_s),
        help="When the largest number of faces surely showed anything else than calm.",
    )


def _moment(found: Found, shared: SharedMoment | None) -> str:
    if shared is None:
        return "–"
    faces = max(1, round(shared.faces))
    return f"{min(faces, round(shared.looking))} of {faces} at {_at(found, shared.begin_s)}"


def _piece(found: Found, shared: SharedMoment | None, width_s: int) -> str:
    if shared is None:
        return "–"
    return f"{_at(found, shared.begin_s)} to {_at(found, shared.begin_s + width_s)}"


def _at(found: Found, unix_s: int) -> str:
    """Pieces begin at whole seconds of the clock, a video between two of them."""
    at_utc = datetime.fromtimestamp(unix_s, UTC)
    return clock_time(max(0, round((at_utc - found.began_utc).total_seconds())))
