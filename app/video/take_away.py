"""What can be taken away of a video: itself with its faces marked, and all readings as tables."""

from __future__ import annotations

from pathlib import Path, PurePath

import streamlit as st

from app.downloads import download_link, offer
from app.video.found import Found
from app.video.progress import show_progress
from app.video.shelf import Work
from app.words import plain
from core.batch.findings import READINGS
from core.batch.job import JobState
from core.errors import TableError
from core.tables.columns import COLUMN_HELP
from core.tables.csv_table import write_csv
from core.tables.new_file import new_file
from core.tables.parquet_table import labels_in, read_rows

CSV = "readings.csv"


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
    stem = PurePath(work.name).stem
    try:
        with st.spinner("Writing the table"):
            table = _csv(found.folder)
    except TableError as error:
        st.error(plain(error.sentence), icon=":material/error:")
        return
    download_link("Readings as CSV", offer(table, f"{stem}-readings.csv", "text/csv"))
    parquet = offer(
        found.folder / READINGS, f"{stem}-readings.parquet", "application/vnd.apache.parquet"
    )
    download_link("Readings as Parquet", parquet)


def _csv(folder: Path) -> Path:
    """Made once, of the job's table; TableError."""
    path, table = folder / CSV, folder / READINGS
    if not path.exists():
        with new_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
            file.write("\ufeff")  # a mark at the front, or Excel takes it for Latin-1
            write_csv(read_rows(table), labels_in(table), file)
    return path


def _marked_name(work: Work) -> str:
    return f"{PurePath(work.name).stem}-read.mp4"
