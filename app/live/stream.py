"""The browser's camera on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_webrtc import WebRtcMode, WebRtcStreamerContext, webrtc_streamer

from app.ice import rtc_configuration
from app.live.bridge import VideoBridge
from app.live.cameras import CAMERAS
from app.streaming_fixes import prepare_streaming
from core.clock import SystemClock
from core.monitoring.settings import AnalysisSettings

KEY = "live-camera"
BRIDGE_KEY = "live-bridge"

CONSTRAINTS = {
    "video": {
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 30},
        "facingMode": "user",
    },
    "audio": False,
}
TRANSLATIONS = {"start": "Start", "stop": "Stop", "select_device": "Choose camera"}
VIDEO_STYLE = {"width": "100%", "borderRadius": "8px", "aspectRatio": "4 / 3"}


def current_bridge(settings: AnalysisSettings) -> VideoBridge:
    """This session's bridge; a new one once the last connection is over."""
    bridge: VideoBridge | None = st.session_state.get(BRIDGE_KEY)
    playing = _is_playing()
    if bridge is None or (bridge.is_over and not playing and _is_signalling()):
        bridge = VideoBridge(CAMERAS, settings, SystemClock())
        st.session_state[BRIDGE_KEY] = bridge
    bridge.choose(settings)
    return bridge


def camera_stream(
    bridge: VideoBridge, settings: AnalysisSettings
) -> WebRtcStreamerContext[Any, Any]:
    """The picture with its START and STOP; raises ConfigurationError."""
    prepare_streaming(KEY)
    return webrtc_streamer(
        KEY,
        mode=WebRtcMode.SENDONLY if settings.power_saving else WebRtcMode.SENDRECV,
        rtc_configuration=rtc_configuration(),
        media_stream_constraints=CONSTRAINTS,
        video_frame_callback=bridge.recv,
        on_video_ended=bridge.ended,
        # The callback only posts and draws, about 2 ms; a thread of its own would add a frame
        # of delay and repeat pictures.
        async_processing=False,
        sendback_audio=False,
        media_toggle_controls=False,
        translations=TRANSLATIONS,
        video_html_attrs={
            "autoPlay": True,
            "controls": False,
            "muted": True,
            "style": VIDEO_STYLE,
        },
    )


def _is_playing() -> bool:
    context = st.session_state.get(KEY)
    return context is not None and context.state.playing


def _is_signalling() -> bool:
    context = st.session_state.get(KEY)
    return context is not None and context.state.signalling
