"""How far the work on a video has come, and the way to stop it."""

from __future__ import annotations

import streamlit as st

from app.composition import video_shelf
from app.video.shelf import Work
from app.video.words import clock_time
from app.words import counted
from core.batch.job import JobState
from core.batch.progress import Progress, Stage
from core.work.time_left import in_words

_EVERY_S = 1.0
_DOING = {Stage.READING: "Reading", Stage.ANNOTATING: "Drawing the boxes"}
_STYLE = """<style>
.st-key-video-progress { min-height: 10.5rem }
.st-key-video-progress p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
</style>"""
"""The place keeps its height, and its lines theirs, while what stands in it changes."""


def show_progress(work: Work) -> None:
    """Refreshes itself; when the work has ended, the page is laid out anew."""
    st.html(_STYLE)
    st.fragment(_progress, run_every=_EVERY_S)(work)


def _progress(work: Work) -> None:
    job = work.job
    if job is None or not work.is_under_way:
        st.rerun()
    progress = job.progress
    with st.container(border=True, key="video-progress"):
        if job.state is JobState.WAITING:
            st.progress(0.0, waiting_text(video_shelf().before(work)))
        else:
            st.progress((progress and progress.share) or 0.0, progress_text(progress))
        st.caption(details_text(progress, job.left_s) or "&nbsp;")
        st.button("Cancel", icon=":material/close:", on_click=job.cancel, key="video-cancel")
    st.caption("You may leave this page meanwhile, and come back.")


def waiting_text(before: int) -> str:
    """“Waiting: 2 videos are read first”."""
    if not before:
        return "Waiting"
    return f"Waiting: {counted(before, 'video')} {'is' if before == 1 else 'are'} read first"


def progress_text(progress: Progress | None) -> str:
    """“Reading: 1:05 of 4:30”."""
    if progress is None:
        return "Starting"
    done = clock_time(progress.done_s)
    if progress.total_s is None or progress.share is None:
        return f"{_DOING[progress.stage]}: {done}"
    return f"{_DOING[progress.stage]}: {done} of {clock_time(progress.total_s)}"


def details_text(progress: Progress | None, left_s: float | None) -> str:
    """“120 faces so far · about 40 s left”, as much of it as is known."""
    parts = [in_words(left_s)]
    if progress is not None and progress.stage is Stage.READING:
        parts.insert(0, f"{counted(progress.faces, 'face')} so far")
    return " · ".join(filter(None, parts))
