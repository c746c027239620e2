"""“Try it without a camera”: the demo clip on the Live page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.composition import DEMO_CLIP, camera_hub
from app.live.bridge import VideoBridge
from app.live.demo_player import DemoPlayer
from core.clock import SystemClock
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source

_KEY = "live-demo"


def current_demo(settings: AnalysisSettings) -> DemoPlayer | None:
    """The demo that this session watches; None while it is at the camera.

    One that ended by itself, as nobody watched, is forgotten: Live begins as ever.
    """
    demo: DemoPlayer | None = st.session_state.get(_KEY)
    if demo is None or (demo.is_over and demo.trouble is None):
        return None
    demo.bridge.choose(_sent_back(settings))
    return demo


def offer_demo(settings: AnalysisSettings) -> None:
    """The button, for a fragment."""
    if st.button("Try it without a camera", key="live-demo-start"):
        if current_demo(settings) is None:
            st.session_state[_KEY] = _started(settings)
        st.rerun()


def show_demo_picture(demo: DemoPlayer) -> None:
    """The moving picture, what it is, and the way back.

    Trap: two elements, as many as the camera's. With more or fewer, what stands below would for a
    moment be there twice, once in its old place.
    """
    st.html(
        f'<img src="{demo.picture.address}" alt="The demo clip with the face marked"'
        ' class="mien-demo">'
    )
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown("**A rendered face, not a person** – the demo clip.")
        st.button("Back to the camera", key="live-demo-end", on_click=end_demo)


def end_demo() -> None:
    """Back to the camera, or the page was left; nothing of the demo is kept."""
    demo: DemoPlayer | None = st.session_state.pop(_KEY, None)
    if demo is not None:
        demo.end()


def _started(settings: AnalysisSettings) -> DemoPlayer:
    clock = SystemClock()
    bridge = VideoBridge(camera_hub(), _sent_back(settings), clock, Source.DEMO)
    demo = DemoPlayer(DEMO_CLIP, bridge, clock, _watch_of_session())
    demo.start()
    return demo


def _sent_back(settings: AnalysisSettings) -> AnalysisSettings:
    """“Save power” is about the camera; a demo without its picture would show nothing."""
    return replace(settings, power_saving=False)


def _watch_of_session() -> Callable[[], bool]:
    """Whether the browser of this session is connected; may be asked from any thread."""
    context = get_script_run_ctx()
    session_id = "" if context is None else context.session_id
    return partial(Runtime.instance().is_active_session, session_id)
