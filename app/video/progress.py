"""How far the work on a video has come, and the way to stop it."""

from __future__ import annotations

import streamlit as st

from app.composition import video_shelf
from app.video.shelf import Work
from app.video.words import clock_time
from app.words import counted
from core.batch.job import JobState
from core.batch.progress import Progress, Stage
from core.batch.time_left import in_words

_EVERY_S = 1.0
_DOING = {Stage.READING: "Reading", Stage.ANNOTATING: "Drawing the boxes"}
STYLE = "<style>.st-key-video-progress { min-height: 9.5rem }</style>"
"""The place keeps its height while what stands in it changes."""


def show_progress(work: Work) -> None:
    """Refreshes itself; when the work has ended, the page is laid out anew."""
    st.html(STYLE)
    st.fragment(_progress, run_every=_EVERY_S)(work)


def _progress(work: Work) -> None:
    job = work.job
    if job is None or not work.is_under_way:
        st.rerun()
    with st.container(border=True, key="video-progress"):
        progress = job.progress
        share = progress.share if progress is not None else None
        waits = job.state is JobState.WAITING
        text = (
            _waiting(video_shelf().before(work)) if waits else progress_text(progress, job.left_s)
        )
        st.progress(share or 0.0, text)
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.caption("You can leave this page and come back. ", width="content")
            st.button("Cancel", icon=":material/close:", on_click=job.cancel, key="video-cancel")


def _waiting(before: int) -> str:
    return f"Waiting: {counted(before, 'video')} to be read first" if before else "Waiting"


def progress_text(progress: Progress | None, left_s: float | None) -> str:
    """“Reading · 1:05 of 4:30 · 2 faces so far · about 40 s left”."""
    if progress is None:
        return "Starting"
    parts = [_DOING[progress.stage], _where(progress)]
    if progress.stage is Stage.READING:
        parts.append(f"{counted(progress.faces, 'face')} so far")
    parts.append(in_words(left_s))
    return " · ".join(filter(None, parts))


def _where(progress: Progress) -> str:
    done = clock_time(progress.done_s)
    if progress.total_s is None or progress.share is None:
        return done
    return f"{done} of {clock_time(progress.total_s)}"
