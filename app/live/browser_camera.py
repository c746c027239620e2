"""What the browser itself knows of its camera, which streamlit-webrtc does not report."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).with_suffix(".js")
_KEY = "browser-camera"


class BrowserCamera(StrEnum):
    """Why the browser gives no picture, or that nothing speaks against it."""

    FINE = "fine"
    INSECURE = "insecure"
    REFUSED = "refused"
    MISSING = "missing"
    BUSY = "busy"


def browser_camera() -> BrowserCamera:
    """Renders nothing; reruns the fragment that it stands in whenever the answer changes."""
    known = (st.session_state.get(_KEY) or {}).get("camera") or BrowserCamera.FINE
    # Trap: a rerun that asks for this page overtakes a click on another one. So the browser is told
    # what the server knows, and reports only what differs, not each time it is shown.
    result = _component()(key=_KEY, data={"known": known}, on_camera_change=lambda: None)
    return BrowserCamera(result.camera or BrowserCamera.FINE)


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("mien_browser_camera", js=SCRIPT.read_text(encoding="utf-8"))
