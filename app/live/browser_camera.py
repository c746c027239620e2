"""What the browser itself knows of its camera, which streamlit-webrtc does not report."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

SCRIPT = Path(__file__).with_suffix(".js")


class BrowserCamera(StrEnum):
    """Why the browser gives no picture, or that nothing speaks against it."""

    FINE = "fine"
    INSECURE = "insecure"
    REFUSED = "refused"
    MISSING = "missing"
    BUSY = "busy"


def browser_camera() -> BrowserCamera:
    """Renders nothing; reruns the fragment that it stands in whenever the answer changes."""
    result = _component()(key="browser-camera", on_camera_change=lambda: None)
    return BrowserCamera(result.camera or BrowserCamera.FINE)


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("mien_browser_camera", js=SCRIPT.read_text(encoding="utf-8"))
