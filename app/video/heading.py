"""What stands above a video in each of its states."""

from __future__ import annotations

import streamlit as st

from app.composition import video_shelf
from app.video.opened import close_work
from app.video.shelf import Work
from app.words import plain

_STYLE = "<style>.st-key-video-heading h3 { overflow-wrap: anywhere }</style>"


def show_heading(work: Work, details: str) -> None:
    """Its name, a line about it, and the ways to be rid of it or of what was read."""
    st.html(_STYLE)
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="video-heading",
    ):
        st.subheader(plain(work.name), width="content", anchor=False)
        with st.container(horizontal=True, width="content", gap="medium"):
            if work.job is not None and work.job.summary is not None:
                st.button(
                    "Read it again",
                    icon=":material/restart_alt:",
                    type="tertiary",
                    on_click=video_shelf().forget_reading,
                    args=(work,),
                    help="With other settings. What was read now is erased.",
                )
            st.button(
                "Remove this video",
                icon=":material/delete:",
                type="tertiary",
                on_click=_remove,
                args=(work,),
                help="Erases what was uploaded and all that was read from it. "
                "What you kept on the Timeline stays, and so do videos that lie on the server.",
            )
    st.caption(plain(details))


def _remove(work: Work) -> None:
    video_shelf().remove(work)
    close_work()
