"""A video that has come and waits for its start."""

from __future__ import annotations

import streamlit as st

from app.composition import model_cards, video_shelf
from app.model_cards.titles import titles
from app.video.heading import show_heading
from app.video.shelf import Work
from app.words import plain, size
from core.batch.video import VideoOptions
from core.errors import VideoError
from core.monitoring.settings import AnalysisSettings

SAMPLES_PER_S = (1, 10)
USUAL_SAMPLES_PER_S = 5

_SAMPLES_HELP = """How many pictures of each second of the video are read.

- **5** is the usual: it sees each second several times over.
- **1** is the fastest, and misses what is shorter than a second.
- **10** takes twice as long as 5."""


def show_ready(work: Work, settings: AnalysisSettings) -> None:
    """What it is, how to read it, and the start."""
    show_heading(work, size(work.size_bytes))
    _say_how_it_ended(work)
    samples_per_s = st.slider(
        "Pictures read in each second",
        *SAMPLES_PER_S,
        value=USUAL_SAMPLES_PER_S,
        key="video-samples",
        persist_state="session",
        help=_SAMPLES_HELP,
        width=420,
    )
    title = titles(model_cards())[settings.model]
    st.caption(plain(f"Read with the model “{title}”; the sidebar holds the others."))
    if st.button("Read the video", type="primary", icon=":material/play_arrow:"):
        _read(work, VideoOptions(settings, float(samples_per_s), source=work.name, as_csv=True))


def _say_how_it_ended(work: Work) -> None:
    if work.job is None:
        return
    if work.job.trouble is not None:
        st.error(plain(work.job.trouble), icon=":material/error:")
    else:
        st.info("You stopped it. Nothing that was read was kept.", icon=":material/info:")


def _read(work: Work, options: VideoOptions) -> None:
    try:
        video_shelf().read(work, options)
    except VideoError as error:
        st.error(plain(error.sentence), icon=":material/error:")
    else:
        st.rerun()
