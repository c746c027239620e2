"""The Live page under AppTest, which has neither a session nor an event loop of the real server."""

from __future__ import annotations

import pytest
import streamlit_webrtc.component
from streamlit_webrtc.webrtc import WebRtcWorker

from app import streaming_fixes


def let_live_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The streamer looks for both."""
    monkeypatch.setattr(streamlit_webrtc.component, "get_this_session_info", lambda: None)
    monkeypatch.setattr(streaming_fixes, "use_unbuffered_relay", lambda: None)
    monkeypatch.setattr(streamlit_webrtc.component, "WebRtcWorker", WebRtcWorker)
