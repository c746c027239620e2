"""The timeline of a video: time runs from its beginning, and dragging looks closer."""

from __future__ import annotations

from datetime import time, timedelta

import streamlit as st

from app.charts import CHART_CONFIG
from app.timeline.charts import elapsed_axis, picked_span, timeline_figure
from app.timeline.touch import is_phone
from app.video.found import Found
from app.video.words import clock_time
from core.timeline.adding import over_sessions
from core.timeline.lanes import lanes
from core.timeline.span import Span

MOST_LANES = 8
_SHORTEST_S = 5.0
_DAY_S = 86400

_CHART, _PART = "video-timeline", "video-part"


def show_chart(found: Found) -> None:
    """In a fragment of its own, so that looking closer leaves the rest of the page alone."""
    st.subheader("Timeline")
    st.fragment(_chart)(found)


def _chart(found: Found) -> None:
    folder, part = st.session_state.get(_PART, (None, None))
    span = part if part is not None and folder == found.folder else found.span
    tally = found.tally if span == found.span else found.part(span)
    figure = timeline_figure(
        over_sessions(tally),
        lanes(tally, MOST_LANES),
        (),
        span,
        None,
        elapsed_from_utc=found.began_utc,
        drag=not is_phone(),
    )

    # Trap: a new figure is a new widget, whose selection is empty. Only a callback, which runs
    # before the chart is drawn again, still sees what was dragged.
    def dragged() -> None:
        boxes = st.session_state[_CHART]["selection"]["box"]
        picked = picked_span(elapsed_axis(span, found.began_utc), boxes)
        if picked is not None and picked.length_s >= _SHORTEST_S:
            st.session_state[_PART] = found.folder, picked

    st.plotly_chart(
        figure,
        key=_CHART,
        config=CHART_CONFIG,
        alt="How each face looks over the time of the video",
        on_select="ignore" if is_phone() else dragged,
        selection_mode=("box",),
    )
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(_words(found, span), width="content")
        if is_phone():
            _choose_part(found)
        if span != found.span:
            st.button("Whole video", icon=":material/zoom_out_map:", on_click=_whole)


def _words(found: Found, span: Span) -> str:
    begin_s, end_s = (
        (at_utc - found.began_utc).total_seconds() for at_utc in (span.since_utc, span.until_utc)
    )
    part = f"{clock_time(begin_s)} to {clock_time(end_s)}" if span != found.span else ""
    drags = "" if is_phone() else "Drag across the chart to look closer"
    return " · ".join(filter(None, (part, drags)))


def _choose_part(found: Found) -> None:
    """Instead of dragging, where a finger scrolls the page."""
    length_s = int(min(found.span.length_s, _DAY_S - 1))
    if length_s <= _SHORTEST_S:
        return
    with st.popover("Look closer", icon=":material/zoom_in:"):
        whole = _time(0), _time(length_s)
        part = st.slider("Part of the video", *whole, whole, timedelta(seconds=1), "H:mm:ss")
        since_s, until_s = map(_seconds, part)
        if st.button("Show this part", type="primary", disabled=until_s - since_s < _SHORTEST_S):
            since_utc, until_utc = (
                found.began_utc + timedelta(seconds=s) for s in (since_s, until_s)
            )
            st.session_state[_PART] = found.folder, Span(since_utc, until_utc)
            st.rerun(scope="fragment")


def _time(at_s: int) -> time:
    return time(at_s // 3600, at_s // 60 % 60, at_s % 60)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _whole() -> None:
    st.session_state.pop(_PART, None)
