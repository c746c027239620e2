"""“Mark this moment” on Live: a note for the Timeline, at the time when the button was pressed."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from app.alerts.when import clock, reader_zone
from app.composition import looking_back
from app.live.bridge import VideoBridge
from app.words import plain
from core.clock import SystemClock
from core.errors import RecordsError
from core.records.note import LONGEST_NOTE

_OPEN, _AT, _TEXT = "live-moment", "live-moment-at", "live-moment-text"
_SAID, _TROUBLE = "live-moment-said", "live-moment-trouble"
_LOOKED_THROUGH = 20


def offer_mark(bridge: VideoBridge, *, is_recorded: bool) -> None:
    """A popover in a fragment of its own: the page, and with it the stream, does not run anew.

    Args:
        bridge: of the camera.
        is_recorded: whether there is a camera now whose seconds are kept.
    """
    st.fragment(_offer)(bridge, is_recorded=is_recorded)


def _offer(bridge: VideoBridge, *, is_recorded: bool) -> None:
    if said := st.session_state.pop(_SAID, ""):
        st.toast(said, icon=":material/bookmark_added:")
    with st.popover(
        "Mark this moment",
        icon=":material/bookmark_add:",
        key=_OPEN,
        on_change="rerun",
        disabled=not is_recorded,
        help=None if is_recorded else "While a camera runs: a note that stands on the Timeline.",
    ):
        if not st.session_state.get(_OPEN):
            st.session_state.pop(_AT, None)
            return
        at_utc: datetime = st.session_state.setdefault(_AT, SystemClock().now_utc())
        at = clock(at_utc, reader_zone(), seconds=True)
        st.text_input(
            f"What happened at {at}?",
            key=_TEXT,
            max_chars=LONGEST_NOTE,
            placeholder="May stay empty",
        )
        st.button(
            "Keep it", type="primary", key="live-moment-keep", on_click=_keep, args=(bridge, at)
        )
        if trouble := st.session_state.pop(_TROUBLE, ""):
            st.warning(plain(trouble))


def _keep(bridge: VideoBridge, at: str) -> None:
    """Beside the camera's session; beside none before its first second was written."""
    try:
        records = looking_back()
        newest = records.sessions.list(limit=_LOOKED_THROUGH)
        own = (s.id for s in newest if bridge.camera_id and s.watch_id == bridge.camera_id)
        records.notes.add(st.session_state[_AT], st.session_state[_TEXT], next(own, None))
    except RecordsError as error:
        # what was written stays in its field, and its time with it
        st.session_state[_TROUBLE] = f"{error.sentence} It was not kept yet: press again later."
        return
    st.session_state[_OPEN], st.session_state[_TEXT] = False, ""
    st.session_state[_SAID] = f"Marked at {at}. It stands on the Timeline."
