"""The Video page: bring a video, see it read, look at what was found, take it away."""

from __future__ import annotations

import streamlit as st

from app.video.bring import bring_video
from app.video.heading import show_heading
from app.video.opened import opened_work, said_gone
from app.video.progress import show_progress
from app.video.ready import show_ready
from app.video.result import show_result
from app.words import HONEST_LINE, size
from core.monitoring.settings import AnalysisSettings

_GONE = (
    "That video is not here any more: it was removed, nobody had looked at it for a day, or Mien "
    "was started anew. What you kept on the Timeline is still there."
)


def render_video(settings: AnalysisSettings) -> None:
    """Lays the page out."""
    work = opened_work()
    if work is None:
        if said_gone():
            st.info(_GONE, icon=":material/info:")
        bring_video()
    elif work.job is not None and work.job.summary is not None:
        show_result(work)
    elif work.is_under_way:
        show_heading(work, size(work.size_bytes))
        show_progress(work)
    else:
        show_ready(work, settings)
    st.caption(HONEST_LINE)
