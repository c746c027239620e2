"""The Live page: the picture, the reading of the chosen face, the last two minutes."""

from __future__ import annotations

import streamlit as st

from app.alerts.hint import nobody_is_told
from app.alerts.standing import show_standing
from app.composition import PAGES_ROOT, alert_system
from app.live.bridge import VideoBridge
from app.live.browser_camera import browser_camera
from app.live.connection import ConnectionWatch
from app.live.demo import current_demo, offer_demo, show_demo_picture
from app.live.demo_player import DemoPlayer
from app.live.lost import show_lost_cameras
from app.live.moment import offer_mark
from app.live.notices import demo_notice, notice_for
from app.live.panels import (
    SHOWN_KEY,
    STYLE,
    choose_face,
    health_line,
    recording_line,
    show_notice,
    show_reading,
    show_timeline,
)
from app.live.snapshot import offer_snapshot
from app.live.stream import camera_stream, current_bridge
from app.words import HONEST_LINE
from core.clock import SystemClock
from core.monitoring.conditions import LOST_AFTER_S, Condition, judge
from core.monitoring.history import ReadingSeries
from core.monitoring.settings import AnalysisSettings

# A refresh of any fragment holds the interpreter for 10 ms or more, in which no frame passes: the
# fewer there are, the more fluent the picture.
READING_EVERY_S = 0.5
NOTICE_EVERY_S = 1.0
STILL_EVERY_S = 1.0
TIMELINE_EVERY_S = 1.0


def render_live(settings: AnalysisSettings) -> None:
    """Lays the page out; everything that moves is in fragments that never touch the stream."""
    st.html(STYLE)
    show_lost_cameras()
    demo = current_demo(settings)
    picture, beside = st.columns([2, 1], gap="medium")
    with picture:
        bridge, playing = _camera(settings) if demo is None else _demo(demo)
    with beside:
        reading = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            paused = st.toggle("Pause the charts", key="live-paused", disabled=not playing)
            offer_mark(bridge, is_recorded=playing and demo is None)
        moving = playing and not paused
        with reading:
            st.fragment(_reading, run_every=READING_EVERY_S if moving else None)(bridge, playing)
    st.fragment(_timeline, run_every=TIMELINE_EVERY_S if moving else None)(bridge)
    nobody_is_told()
    st.caption(HONEST_LINE)


def _camera(settings: AnalysisSettings) -> tuple[VideoBridge, bool]:
    """The browser's camera; its bridge, and whether pictures come."""
    bridge = current_bridge(settings)
    still = st.container()
    context = camera_stream(bridge.recv, bridge.ended, power_saving=settings.power_saving)
    playing, signalling = context.state.playing, context.state.signalling
    busy = playing or signalling
    with still:
        # Trap: until the first frame the bridge does not know yet that nothing is sent back.
        if playing and (settings.power_saving or not bridge.sends_back):
            st.fragment(_still, run_every=STILL_EVERY_S)(bridge)
    st.fragment(_beneath_picture, run_every=NOTICE_EVERY_S if busy else None)(
        bridge, settings, playing, signalling
    )
    return bridge, playing


def _demo(demo: DemoPlayer) -> tuple[VideoBridge, bool]:
    """The demo clip in its place."""
    playing = not demo.is_over
    show_demo_picture(demo)
    st.fragment(_beneath_demo, run_every=NOTICE_EVERY_S if playing else None)(demo, playing)
    return demo.bridge, playing


def _beneath_demo(demo: DemoPlayer, playing: bool) -> None:
    if playing and demo.is_over:
        st.rerun()
    state = demo.bridge.worker.state() if demo.bridge.worker is not None else None
    with st.container(key="live-beneath"):
        show_notice(demo_notice(state, demo.trouble))
        if playing and state is not None:
            st.caption(health_line(state.health))


def _still(bridge: VideoBridge) -> None:
    """While nothing is sent back: one picture a second, to see who is in it."""
    picture_bgr = None if bridge.sends_back else bridge.picture()
    if picture_bgr is not None:
        st.image(
            picture_bgr,
            channels="BGR",
            output_format="JPEG",
            width="stretch",
            alt="The camera's picture with every face marked",
        )


def _beneath_picture(
    bridge: VideoBridge, settings: AnalysisSettings, playing: bool, signalling: bool
) -> None:
    watch: ConnectionWatch = st.session_state.setdefault("live-connection", ConnectionWatch())
    state = bridge.worker.state() if bridge.worker is not None else None
    phase = watch.update(
        playing=playing,
        signalling=signalling,
        frame_age_s=state.health.frame_age_s if state is not None else None,
        now_s=SystemClock().monotonic_s(),
    )
    condition = judge(state) if state is not None else Condition.WAITING
    above = st.container(key="live-beneath")
    browser = browser_camera()  # takes a line, so it stands below
    notice = notice_for(browser, phase, condition, state.trouble if state is not None else None)
    with above:
        show_notice(notice)
        if playing and state is not None:
            unsaved = recording_line(alert_system().recording_trouble)
            st.caption(health_line(state.health) + unsaved)
            if settings.power_saving == bridge.sends_back:
                st.caption("“Save power” takes effect at the next START.")
        with st.container(horizontal=True, vertical_alignment="center"):
            if not (playing or signalling):
                offer_demo(settings)
            if notice.offer_stills:
                st.page_link(PAGES_ROOT / "stills.py", label="Read pictures instead")
        if notice.offer_snapshot:
            offer_snapshot(settings)


def _reading(bridge: VideoBridge, playing: bool) -> None:
    observation = bridge.worker.observation if bridge.worker is not None else None
    with st.container(key="live-reading"):
        face = choose_face(observation)
        show_reading(face)
        if face is not None and observation is not None:
            age_s = SystemClock().monotonic_s() - observation.captured_s
            if not playing or age_s > LOST_AFTER_S:
                st.caption("This is the last reading, not the present one.")


def _timeline(bridge: VideoBridge) -> None:
    show_timeline(_shown_series(bridge), SystemClock().monotonic_s())
    show_standing(bridge.camera_id, st.session_state.get(SHOWN_KEY))


def _shown_series(bridge: VideoBridge) -> ReadingSeries | None:
    """Of the face that is shown, or of the last known one before any was."""
    if bridge.worker is None:
        return None
    history = bridge.worker.history
    track_id = st.session_state.get(SHOWN_KEY)
    if track_id is None:
        track_id = next(reversed(history.track_ids()), None)
    return None if track_id is None else history.series(track_id)
