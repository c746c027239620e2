"""What was found in a video, from its facts to what can be taken away."""

from __future__ import annotations

import streamlit as st

from app.alerts.when import lasting
from app.charts import CHART_CONFIG
from app.timeline.charts import distribution_figure
from app.video.chart import show_chart
from app.video.crowd import show_crowd
from app.video.found import Found, found_in
from app.video.heading import show_heading
from app.video.keep import show_keep
from app.video.moments import show_moments, show_player
from app.video.shelf import Work
from app.video.take_away import annotated_address, show_take_away
from app.video.words import clock_time
from app.words import counted, plain, size
from core.batch.video_summary import VideoSummary
from core.timeline.distribution import distribution

_WHAT_HELPS = (
    "A face must be turned towards the camera, and lit. *Smallest face* and other detectors stand "
    "in the sidebar, *Read it again* above."
)


def show_result(work: Work) -> None:
    """Lays it out; RecordsError where what was read cannot be opened."""
    found = found_in(work)
    summary = work.job.summary if work.job is not None else None
    if summary is None:
        return
    show_heading(work, facts(work, summary))
    if summary.broke_off:
        st.warning(plain(summary.broke_off), icon=":material/warning:")
    if found is None or not len(found.tally):
        st.info(f"{plain(summary.problem)} {_WHAT_HELPS}", icon=":material/search:")
        return
    if summary.problem:
        st.warning(plain(summary.problem), icon=":material/warning:")
    _show_found(work, found)


def _show_found(work: Work, found: Found) -> None:
    address = annotated_address(work)
    if address is not None:
        show_player(address, work.name)
    show_moments(found, plays=address is not None)
    show_chart(found)
    st.subheader("How long each expression lasted")
    st.plotly_chart(
        distribution_figure(distribution(found.tally)),
        key="video-distribution",
        config=CHART_CONFIG,
        alt="For how long each expression was the likeliest",
    )
    show_crowd(found)
    show_take_away(work, found)
    show_keep(work, found)


def facts(work: Work, summary: VideoSummary) -> str:
    """“1:00 · 640 × 480 · with sound · 3 MB · 2 faces · 300 pictures looked at in 10 s, …”."""
    info = summary.info
    width, height = info.size_px
    parts = [
        clock_time(info.duration_s if info.duration_s is not None else summary.read_s),
        f"{width} × {height}",
        "with sound" if info.has_sound else "no sound",
        size(work.size_bytes),
        _faces(summary),
        f"{summary.samples} pictures looked at in {lasting(summary.took_s)}",
    ]
    if summary.read_s >= 2 * summary.took_s > 0:
        parts[-1] += f", {summary.read_s / summary.took_s:.0f} times as fast as it plays"
    return " · ".join(parts)


def _faces(summary: VideoSummary) -> str:
    faces = counted(summary.people, "face")
    return f"{faces}, up to {summary.faces_most} at once" if summary.faces_most > 1 else faces
