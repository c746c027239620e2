"""How a video comes to the page: from this device, from a folder of the server, or the demo."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app.composition import DEMO_CLIP, video_shelf, videos_dir
from app.video.arrivals import LARGEST_MB, Arrival
from app.video.opened import open_work
from app.video.server_videos import server_video, server_videos
from app.video.shelf import Work
from app.video.upload import KINDS
from app.words import plain
from core.errors import VideoError

_UPLOAD, _SERVER = "From this device", "From the server"
_SOURCE, _GENERATION, _REFUSED = "video-source", "video-generation", "video-refused"

_log = logging.getLogger(__name__)

_EMPTY = """**Nothing here yet.** Choose a recording above: every face in it is found, followed and
read several times a second. You see how each face looks over time, the strongest moments, and how
it went down with several people at once; and you can take away the video with every face marked.

- The video and what is read from it lie in a folder of the computer that runs Mien, which only
  Mien's user can open. Nothing is sent elsewhere.
- All of it is erased when you remove it, a day after it was last looked at, and whenever Mien is
  started. What you choose to keep on the Timeline stays."""
_LOST = Arrival(None, Path(), 0, "The upload got lost on its way. Please choose the video again.")
_NONE_THERE = """**No videos there yet.** Copy some into the folder `videos` of Mien's data folder,
or name another folder in `MIEN_VIDEOS_DIR`, and load this page again."""
_ONLY_THERE = (
    "Only videos inside this one folder can be chosen: whoever reaches this page can look at what "
    "is offered here. They are read where they lie, and stay as they are."
)


def bring_video() -> None:
    """Widgets; once a video has come, the page shows that one."""
    source = st.segmented_control(
        "Where is the video?",
        [_UPLOAD, _SERVER],
        default=_UPLOAD,
        required=True,
        key=_SOURCE,
        persist_state="session",
        label_visibility="collapsed",
    )
    if source == _SERVER:
        _from_server()
    else:
        _from_device()
    if sentence := st.session_state.pop(_REFUSED, None):
        st.error(plain(sentence), icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Try it with the demo clip", icon=":material/play_circle:"):
            _show(lambda: video_shelf().look_at(DEMO_CLIP))
        st.caption("20 seconds of a rendered face, not a person.")
    with st.container(border=True):
        st.markdown(_EMPTY)


def _from_device() -> None:
    generation = st.session_state.setdefault(_GENERATION, 0)
    file = st.file_uploader(
        "Video",
        type=list(KINDS),
        max_upload_size=LARGEST_MB,
        key=f"video-file-{generation}",
    )
    # The uploader says why it refuses a file only to a hovering pointer or a screen reader.
    st.caption("A file marked in red is larger, or of another kind.")
    if file is None:
        return
    st.session_state[_GENERATION] = generation + 1  # an empty uploader, whatever comes of it
    arrival = video_shelf().arrivals.claim(file.getvalue().decode("ascii", "replace"))
    _show(lambda: video_shelf().take_in(arrival or _LOST))


def _from_server() -> None:
    names = list(server_videos(videos_dir()))
    if not names:
        with st.container(border=True):
            st.markdown(_NONE_THERE)
        return
    name = st.selectbox("Video", names, key="video-on-server")
    st.caption(_ONLY_THERE)
    if st.button("Take this one", icon=":material/movie:", type="primary"):
        _show(lambda: _looked_at(name))


def _looked_at(name: str) -> Work:
    return video_shelf().look_at(server_video(videos_dir(), name))


def _show(bring: Callable[[], Work]) -> None:
    try:
        open_work(bring())
    except VideoError as error:
        _log.warning("A video was refused: %s", error.cause)
        st.session_state[_REFUSED] = error.sentence
    st.rerun()
