"""What happens to Live when another page is shown."""

from __future__ import annotations

import streamlit as st

from app.live.bridge import BRIDGE_KEY, VideoBridge
from app.live.demo import end_demo


def leave_live() -> None:
    """The demo ends; so does the camera's stream, in a moment, and nobody pressed STOP for that."""
    end_demo()
    bridge: VideoBridge | None = st.session_state.get(BRIDGE_KEY)
    if bridge is not None:
        bridge.was_left = True
