"""What the browser itself knows of its camera, which streamlit-webrtc does not report."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


class BrowserCamera(StrEnum):
    """Why the browser gives no picture, or that nothing speaks against it."""

    FINE = "fine"
    INSECURE = "insecure"
    REFUSED = "refused"
    MISSING = "missing"
    BUSY = "busy"


# The streamer lives in a frame of the same origin; it writes the name of the browser's error
# ("NotAllowedError: …") into an alert and tells Python nothing. The alert's words are for
# programmers, so it is hidden and the page says it in its own.
_SCRIPT = """
const KINDS = {
  NotAllowedError: "refused", SecurityError: "refused",
  NotFoundError: "missing", OverconstrainedError: "missing", DevicesNotFoundError: "missing",
  NotReadableError: "busy", AbortError: "busy",
}
function alertsOfStreamer() {
  const frames = document.querySelectorAll('iframe[title^="streamlit_webrtc"]')
  return [...frames].flatMap(frame => {
    const inside = frame.contentDocument
    if (!inside?.head) return []
    if (!inside.getElementById("mien-quiet")) {
      const style = inside.createElement("style")
      style.id = "mien-quiet"
      style.textContent = '[role="alert"] { display: none !important }'
      inside.head.append(style)
    }
    return [...inside.querySelectorAll('[role="alert"]')].map(alert => alert.textContent)
  })
}
function judge() {
  if (!window.isSecureContext || !navigator.mediaDevices) return "insecure"
  for (const text of alertsOfStreamer()) {
    const kind = KINDS[text.split(":")[0]]
    if (kind) return kind
  }
  return "fine"
}
export default function ({ setStateValue }) {
  let told
  const tell = () => {
    const now = judge()
    if (now !== told) setStateValue("camera", (told = now))
  }
  tell()
  const timer = setInterval(tell, 300)
  return () => clearInterval(timer)
}
"""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("mien_browser_camera", js=_SCRIPT)


def browser_camera() -> BrowserCamera:
    """Renders nothing; reruns the fragment that it stands in whenever the answer changes."""
    result = _component()(key="browser-camera", on_camera_change=lambda: None)
    return BrowserCamera(result.camera or BrowserCamera.FINE)
