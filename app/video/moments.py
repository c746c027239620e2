"""The strongest moments of a video as pictures, and the way from them into the player."""

from __future__ import annotations

from html import escape

import streamlit as st

from app.video.found import Found
from app.video.words import clock_time
from core.batch.findings import MOMENTS
from core.batch.video_summary import Moment
from core.expression.wording import looks_label

_STYLE = """<style>.st-key-video-moments {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1rem;
}</style>"""
"""As many beside each other as fit; two on a phone."""

_BEFORE_S = 1.0
"""The player begins a little earlier, so that one sees it come."""

_PLAY_FROM = "video-play-from"


def show_moments(found: Found, *, plays: bool) -> None:
    """In order of time; with a player above, a click leads there."""
    moments = found.summary.moments
    if not moments:
        return
    st.subheader("Strongest moments")
    st.html(_STYLE)
    with st.container(key="video-moments"):
        for moment in moments:
            with st.container(gap="xsmall"):
                _tile(found, moment, plays=plays)
    st.caption(
        "Where a face looked most clearly like something; a calm face is no moment. Numbers of "
        "faces are those of the chart."
    )


def _tile(found: Found, moment: Moment, *, plays: bool) -> None:
    said = looks_label(moment.label)
    at = clock_time(moment.at_s)
    path = found.folder / MOMENTS / moment.picture
    st.image(str(path), width="stretch", alt=f"At {at} face {moment.person} {said}")
    if plays:
        st.button(
            f"{at} {said}",
            icon=":material/play_arrow:",
            type="tertiary",
            key=f"video-moment-{moment.picture}",
            on_click=_play_from,
            args=(max(0.0, moment.at_s - _BEFORE_S),),
        )
    else:
        st.markdown(f"**{at}** {said}")
    st.caption(f"Face {moment.person}, {moment.score:.0%}")


def _play_from(at_s: float) -> None:
    st.session_state[_PLAY_FROM] = at_s


def show_player(address: str, name: str) -> None:
    """The video at this address, from the moment that was clicked last."""
    from_s: float | None = st.session_state.get(_PLAY_FROM)
    at = "" if from_s is None else f"#t={from_s:.1f}"
    plays = "" if from_s is None else " autoplay"
    st.html(
        f'<video class="mien-player" controls playsinline preload="metadata"{plays}'
        f' src="{escape(address)}{at}" title="{escape(name)}, with its faces marked"></video>'
        "<style>.mien-player { width: 100%; max-height: 70vh; border-radius: 10px;"
        " background: #000 }</style>"
    )
