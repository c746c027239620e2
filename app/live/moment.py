"""“Mark this moment” on Live: a note for the Timeline, without leaving the picture."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from app.alerts.when import clock, reader_zone
from app.composition import looking_back
from app.live.bridge import VideoBridge
from app.words import plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.note import LONGEST_NOTE

_FORM, _SAID, _TROUBLE = "live-moment-form", "live-moment-said", "live-moment-trouble"
_AGO_S = {0: "Now", 10: "10 s ago", 30: "30 s ago", 60: "1 min ago"}


def offer_mark(bridge: VideoBridge, *, is_recorded: bool) -> None:
    """A popover in a fragment of its own: the page, and with it the stream, does not run anew.

    Args:
        bridge: of the camera.
        is_recorded: whether there is a camera now whose seconds are kept.
    """
    st.fragment(_offer)(bridge, is_recorded=is_recorded)


def _offer(bridge: VideoBridge, *, is_recorded: bool) -> None:
    # Trap: while a stream begins the page runs again and again, and a run that does not know yet
    # that a popover was opened would close it; so nobody is told of it. The same runs may deliver a
    # click twice and lose a toast.
    number: int = st.session_state.setdefault(_FORM, 0)
    with st.popover(
        "Mark this moment",
        icon=":material/bookmark_add:",
        disabled=not is_recorded,
        help=None if is_recorded else "While a camera runs: a note that stands on the Timeline.",
    ):
        with st.form(f"{_FORM}-{number}", border=False):
            st.text_input(
                "What happened?",
                key=f"live-moment-text-{number}",
                max_chars=LONGEST_NOTE,
                placeholder="May stay empty",
            )
            st.segmented_control(
                "When",
                list(_AGO_S),
                default=0,
                required=True,
                format_func=_AGO_S.__getitem__,
                key=f"live-moment-ago-{number}",
                label_visibility="collapsed",
                wrap=True,
            )
            st.form_submit_button(
                "Keep it", type="primary", on_click=_keep, args=(bridge, number), key="live-moment"
            )
        if trouble := st.session_state.get(_TROUBLE):
            st.warning(plain(trouble))
        elif said := st.session_state.get(_SAID):
            st.success(said, icon=":material/bookmark_added:")


def _keep(bridge: VideoBridge, number: int) -> None:
    """Beside the camera's session; beside none before its first second was written."""
    if number != st.session_state[_FORM]:
        return
    ago_s: int = st.session_state[f"live-moment-ago-{number}"]
    at_utc = SystemClock().now_utc() - timedelta(seconds=ago_s)
    try:
        records = looking_back()
        own = records.sessions.newest_of_watch(bridge.camera_id) if bridge.camera_id else None
        text = st.session_state[f"live-moment-text-{number}"]
        records.notes.add(at_utc, text, own.id if own is not None else None)
    except RecordsError as error:
        # what was written stays in its field
        st.session_state[_TROUBLE] = f"{error.sentence} It was not kept yet: press again later."
        return
    st.session_state[_FORM] = number + 1
    st.session_state[_TROUBLE] = ""
    at = clock(at_utc, reader_zone(), seconds=True)
    st.session_state[_SAID] = f"Marked at {at}. It stands on the Timeline."
