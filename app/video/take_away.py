"""What can be taken away of a video: itself with its faces marked, and all readings as tables."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from app.downloads import download_link, offer
from app.video.found import Found
from app.video.progress import show_progress
from app.video.shelf import Work
from app.words import plain
from core.batch.findings import READINGS, READINGS_CSV
from core.batch.job import JobState
from core.tables.columns import COLUMN_HELP


def annotated_address(work: Work) -> str | None:
    """Of the video with its faces marked, to be played; None where it was not made yet."""
    if work.job is None or work.job.annotated is None:
        return None
    return offer(work.job.annotated, _marked_name(work), "video/mp4", inline=True)


def show_take_away(work: Work, found: Found) -> None:
    """Links, and what must be made first."""
    st.subheader("Take it away")
    if work.job is not None and work.job.state is JobState.FAILED:
        st.error(plain(work.job.trouble or ""), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        _annotated(work)
        _tables(work, found)
    if work.is_under_way:
        show_progress(work)
    with st.popover("What the columns mean", type="tertiary"):
        st.markdown("\n".join(f"- `{name}`: {text}" for name, text in COLUMN_HELP.items()))


def _annotated(work: Work) -> None:
    job = work.job
    if job is None:
        return
    if job.annotated is not None:
        address = offer(job.annotated, _marked_name(work), "video/mp4")
        download_link("Annotated video", address)
    else:
        st.button(
            "Make the annotated video",
            icon=":material/movie_edit:",
            on_click=job.annotate,
            disabled=work.is_under_way,
            help="With a box, a number and a word at every face; the sound is kept.",
        )


def _tables(work: Work, found: Found) -> None:
    name = f"{PurePath(work.name).stem}-readings"
    table = offer(found.folder / READINGS_CSV, f"{name}.csv", "text/csv; charset=utf-8")
    download_link("Readings as CSV", table)
    table = offer(found.folder / READINGS, f"{name}.parquet", "application/vnd.apache.parquet")
    download_link("Readings as Parquet", table)


def _marked_name(work: Work) -> str:
    return f"{PurePath(work.name).stem}-read.mp4"
