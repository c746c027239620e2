"""The browser's camera on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit_webrtc import (
    MediaStreamConstraints,
    Translations,
    VideoHTMLAttributes,
    WebRtcMode,
    WebRtcStreamerContext,
    webrtc_streamer,
)
from streamlit_webrtc.models import MediaEndedCallback, VideoFrameCallback

from app.composition import camera_hub, watch_tower
from app.ice import rtc_configuration
from app.live.bridge import BRIDGE_KEY, VideoBridge
from app.streaming_fixes import browser_of_session, prepare_streaming
from core.clock import SystemClock
from core.monitoring.settings import AnalysisSettings

KEY = "live-camera"

CONSTRAINTS = MediaStreamConstraints(
    video={
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 30},
        "facingMode": "user",
    },
    audio=False,
)
TRANSLATIONS = Translations(start="Start", stop="Stop", select_device="Choose camera")
VIDEO_ATTRIBUTES = VideoHTMLAttributes(
    autoPlay=True,
    controls=False,
    muted=True,
    style={
        "width": "100%",
        "borderRadius": "10px",
        "aspectRatio": "4 / 3",
        "background": "rgba(128, 128, 128, 0.12)",
    },
)


def current_bridge(settings: AnalysisSettings) -> VideoBridge:
    """This session's bridge; a new one as soon as the browser offers the next connection.

    Until then the last one stays, and with it the charts of what was seen.
    """
    bridge: VideoBridge | None = st.session_state.get(BRIDGE_KEY)
    if bridge is None or (bridge.is_over and _is_offered()):
        bridge = VideoBridge(
            camera_hub(),
            settings,
            SystemClock(),
            tower=watch_tower(),
            browser=browser_of_session(),
        )
        st.session_state[BRIDGE_KEY] = bridge
    bridge.choose(settings)
    return bridge


def _note_stop() -> None:
    """The browser's report has changed."""
    context: WebRtcStreamerContext[Any, Any] | None = st.session_state.get(KEY)
    bridge: VideoBridge | None = st.session_state.get(BRIDGE_KEY)
    if context is None or bridge is None or context.state.playing or context.state.signalling:
        return
    bridge.browser_stopped()


def camera_stream(
    recv: VideoFrameCallback, ended: MediaEndedCallback, *, power_saving: bool
) -> WebRtcStreamerContext[Any, Any]:
    """The picture with its START and STOP.

    Args:
        recv: takes each frame and gives back the one to show; runs on the server's event loop.
        ended: called when the connection is over, perhaps more than once.
        power_saving: send nothing back.

    Raises:
        ConfigurationError: other versions are installed, or the ICE servers cannot be used.
    """
    prepare_streaming(KEY)
    return webrtc_streamer(
        KEY,
        mode=WebRtcMode.SENDONLY if power_saving else WebRtcMode.SENDRECV,
        rtc_configuration=rtc_configuration(),
        media_stream_constraints=CONSTRAINTS,
        video_frame_callback=recv,
        on_video_ended=ended,
        on_change=_note_stop,
        # The callback only posts and draws; a thread of its own adds a frame of delay.
        async_processing=False,
        sendback_audio=False,
        media_toggle_controls=False,
        translations=TRANSLATIONS,
        video_html_attrs=VIDEO_ATTRIBUTES,
    )


def _is_offered() -> bool:
    context: WebRtcStreamerContext[Any, Any] | None = st.session_state.get(KEY)
    return context is not None and context.state.signalling and not context.state.playing
