"""On Live: a camera that stopped without being asked, before carers are told of it."""

from __future__ import annotations

import math

import streamlit as st

from app.composition import alert_system, watch_tower
from app.words import plain
from core.watching.watched_camera import WatchedCamera

REFRESH_EVERY_S = 1.0


def show_lost_cameras() -> None:
    """Nothing, while all is well. When a stream ends the page runs anew, and sees it.

    Trap: always one element. With one more or less above it the browser would make the stream
    anew, and so end the one that runs.
    """
    with st.container(key="live-lost", gap=None):
        if _lost():
            st.fragment(_show, run_every=REFRESH_EVERY_S)()


def lost_words(camera: WatchedCamera) -> str:
    """Markdown."""
    left_s = math.ceil((camera.told_after_s or 0.0) - (camera.lost_for_s or 0.0))
    told = f"Carers will be told in {left_s} s." if left_s > 0 else "Carers have been told."
    return f"**{plain(camera.name)}: the picture has stopped.** {told} Press START to go on."


def _lost() -> tuple[WatchedCamera, ...]:
    """Of which somebody would be told."""
    if not alert_system().desk.recipients:
        return ()
    return tuple(
        camera
        for camera in watch_tower().cameras()
        if camera.has_ended and camera.lost_for_s is not None and camera.told_after_s is not None
    )


def _show() -> None:
    for camera in _lost():
        with st.container(key=f"live-lost-{camera.id}", border=True):
            st.warning(lost_words(camera), icon=":material/videocam_off:")
            st.button(
                "I stopped it on purpose",
                key=f"live-on-purpose-{camera.id}",
                on_click=watch_tower().on_purpose,
                args=(camera.id,),
            )
