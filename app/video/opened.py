"""Which video the page shows: kept in its address, so that it is found again after a reload."""

from __future__ import annotations

import streamlit as st

from app.composition import video_shelf
from app.video.shelf import Work

_PARAMETER = "video"
_KEY, _GONE = "video-opened", "video-gone"


def opened_work() -> Work | None:
    """The one in the address, else the one of this visit, as other pages leave no address."""
    named = st.query_params.get(_PARAMETER, "")
    work = video_shelf().find(named or st.session_state.get(_KEY, ""))
    if work is not None:
        open_work(work)
    elif named:
        close_work()
        st.session_state[_GONE] = True
    return work


def said_gone() -> bool:
    """Whether the address named a video that is there no more; said once."""
    return bool(st.session_state.pop(_GONE, False))


def open_work(work: Work) -> None:
    """Show this one from now on."""
    st.session_state[_KEY] = work.id
    if st.query_params.get(_PARAMETER) != work.id:
        st.query_params[_PARAMETER] = work.id


def close_work() -> None:
    """Show none."""
    st.session_state.pop(_KEY, None)
    st.query_params.pop(_PARAMETER, None)
