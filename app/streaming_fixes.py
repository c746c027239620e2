"""Mends for what Streamlit 1.67, streamlit-webrtc 0.79 and aiortc 1.16 do to a live picture.

Everything here touches names that their authors call private; that is why it stands in one place,
checks the installed version and has a test for each mend. When a version brings its own cure, the
mend goes.
"""

from __future__ import annotations

import hashlib
import re
import time
from importlib.metadata import version
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st
from aiortc import MediaStreamTrack, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from streamlit_webrtc import component, relay
from streamlit_webrtc.eventloop import get_global_event_loop, loop_context
from streamlit_webrtc.webrtc import WebRtcWorker

from core.errors import ConfigurationError

MENDED = {"streamlit": "1.67.", "streamlit-webrtc": "0.79.", "aiortc": "1.16."}
"""The versions that these mends were written for."""


def prepare_streaming(key: str) -> None:
    """Call before each `webrtc_streamer(key, ...)`.

    Raises:
        ConfigurationError: other versions are installed than those that the mends know.
    """
    check_versions()
    keep_first_start(key)
    use_unbuffered_relay()
    prefer_vp8()
    keep_page_changes()


def check_versions() -> None:
    """Refuse other versions: a mend that misses its target would fail without a word."""
    for package, prefix in MENDED.items():
        installed = version(package)
        if not installed.startswith(prefix):
            raise ConfigurationError(
                "The live picture cannot be shown: the installation does not match what this "
                "program was made for. Run the set-up again.",
                f"{package} {installed} is installed; app/streaming_fixes.py knows {prefix}*",
            )


def browser_of_session() -> str:
    """The same text whenever the same browser opens the dashboard.

    Streamlit tells sessions apart, not browsers: after a reload of the page nothing says that the
    camera which just ended and the one that begins are the same. Its XSRF cookie does; each answer
    masks the token in it anew. Only a hash is kept, as the token is a secret. Without the cookie
    the session stands for the browser, and "" where there is none.
    """
    token, _ = decode_xsrf_token_string(st.context.cookies.get(XSRF_COOKIE_NAME, ""))
    if token:
        return hashlib.sha256(token).hexdigest()[:16]
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def keep_first_start(key: str) -> None:
    """Trap: the first START on a fresh server is lost in one of four cases.

    The browser's ICE candidates arrive as a burst of reruns. A rerun that is overtaken never
    reaches `webrtc_streamer`, but counts, and the next one takes the gap for a visit to another
    page and throws the fresh connection away ("resetting stale state"). Without a remembered
    count there is no gap; leaving the page still ends the worker through its own watcher.
    """
    context = st.session_state.get(key)
    if context is not None:
        context._last_rendered_run_count = None


class UnbufferedRelay(MediaRelay):
    """Hands each consumer the newest frame.

    Trap: aiortc's relay queues frames without a limit for a consumer that is slower than the
    camera, and streamlit-webrtc does not ask it for anything else. With four viewers the median
    delay grew to seconds.
    """

    def subscribe(self, track: MediaStreamTrack, buffered: bool = False) -> MediaStreamTrack:
        """A proxy of `track` without a queue, whatever was asked for."""
        return super().subscribe(track, buffered=False)


def use_unbuffered_relay() -> None:
    """Put our relay where streamlit-webrtc looks for the one of the server."""
    runtime = Runtime.instance()
    name = relay._SERVER_GLOBAL_RELAY_ATTR_NAME_
    if not isinstance(getattr(runtime, name, None), UnbufferedRelay):
        with loop_context(get_global_event_loop()):
            setattr(runtime, name, UnbufferedRelay())


class Vp8FirstWorker(WebRtcWorker[Any, Any]):
    """Answers with VP8.

    Trap: aiortc takes the browser's first codec. On Apple's browsers that is H.264, which costs
    this server three times as much as VP8 (75 against 24 % of a core, both ways).
    """

    def process_offer(
        self, sdp: str, type_: str, timeout: float | None = None
    ) -> RTCSessionDescription:
        """As the original, on an offer whose first codec is VP8."""
        return super().process_offer(vp8_first(sdp), type_, timeout)


def prefer_vp8() -> None:
    """Make `webrtc_streamer` build our worker."""
    component.WebRtcWorker = Vp8FirstWorker  # type: ignore[attr-defined]


def vp8_first(sdp: str) -> str:
    """The offer with VP8 as the first codec of each video section that has it.

    aiortc goes by the order of the rtpmap lines, not by that of the payload types in the m line.
    """
    sections = re.split(r"(?m)^(?=m=)", sdp)
    return "".join(_vp8_first_in_section(section) for section in sections)


def _vp8_first_in_section(section: str) -> str:
    vp8 = re.search(r"(?m)^a=rtpmap:\d+ VP8/90000\r?\n", section)
    if vp8 is None:
        return section
    others = section[: vp8.start()] + section[vp8.end() :]
    first = others.find("a=rtpmap:")
    return section if first < 0 else others[:first] + vp8[0] + others[first:]


LATE_FOR_S = 5.0
"""So long after a change of page may the old one still report, even on a busy machine."""

_obey = AppSession.request_rerun
_left: WeakKeyDictionary[AppSession, tuple[str, float]] = WeakKeyDictionary()


def keep_page_changes() -> None:
    """Trap: a click on another page right after Live appeared is lost.

    The streamer reports to the server whenever it appears, and that asks for a run of the page
    that the browser is on: still the old one, until the new one's first message has arrived. Of
    two requests Streamlit obeys the later; it stops the new page and runs the old. So what comes
    from a page that was just left is dropped; the state that it brings has no page any more.
    """
    AppSession.request_rerun = _request_rerun  # type: ignore[method-assign,assignment]


def _request_rerun(session: AppSession, client_state: ClientState | None) -> None:
    if client_state is None or not _comes_late(session, client_state):
        _obey(session, client_state)


def _comes_late(session: AppSession, asked: ClientState) -> bool:
    page = asked.page_script_hash
    if asked.fragment_id or asked.widget_states.widgets:
        left, left_s = _left.get(session, ("", 0.0))
        return bool(left) and page == left and time.monotonic() - left_s < LATE_FOR_S
    # only a click on a page brings no widgets along
    _left.pop(session, None)
    if page != session.page_script_hash:
        _left[session] = session.page_script_hash, time.monotonic()
    return False
