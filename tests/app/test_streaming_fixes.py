from __future__ import annotations

import asyncio
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import aiortc.rtcicetransport
import pytest
import streamlit as st
from aiortc import VideoStreamTrack
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from streamlit_webrtc import component, relay

from app import streaming_fixes
from app.streaming_fixes import (
    UnbufferedRelay,
    browser_of_session,
    check_versions,
    keep_first_start,
    keep_page_changes,
    use_unbuffered_relay,
    vp8_first,
)
from core.errors import ConfigurationError

KEY = "camera"


def test_the_installed_versions_are_those_that_the_mends_know() -> None:
    check_versions()


@pytest.mark.parametrize("package", sorted(streaming_fixes.MENDED))
def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(streaming_fixes.MENDED, package, "0.0.")
    with pytest.raises(ConfigurationError) as refusal:
        check_versions()
    assert package in refusal.value.cause


@pytest.fixture
def signalling_context(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection being made, last rendered in run 1; now is run 5 of a burst."""
    context = component.WebRtcStreamerContext(
        worker=None, state=component.WebRtcStreamerState(playing=False, signalling=True)
    )
    context._last_rendered_run_count = 1
    monkeypatch.setattr(st, "session_state", {KEY: context})
    monkeypatch.setattr(
        component, "get_this_session_info", lambda: SimpleNamespace(script_run_count=5)
    )
    return


@pytest.mark.usefixtures("signalling_context")
@pytest.mark.parametrize(
    "mended", [pytest.param(True, id="mended"), pytest.param(False, id="as it comes")]
)
def test_a_burst_of_reruns_does_not_lose_the_first_start(mended: bool) -> None:
    if mended:
        keep_first_start(KEY)
    context = component._get_or_create_context(KEY)
    assert context.state.signalling is mended


def test_the_first_start_of_a_session_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    keep_first_start(KEY)
    assert st.session_state == {}


@pytest.mark.parametrize("asked", [{}, {"buffered": True}, {"buffered": False}], ids=str)
def test_the_relay_never_queues(asked: dict[str, bool]) -> None:
    proxy = UnbufferedRelay().subscribe(VideoStreamTrack(), **asked)
    assert proxy._buffered is False


def test_the_server_takes_our_relay(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.new_event_loop()
    runtime = SimpleNamespace(_get_async_objs=lambda: SimpleNamespace(eventloop=loop))
    monkeypatch.setattr(Runtime, "_instance", runtime)
    use_unbuffered_relay()
    ours = relay.get_global_relay()
    assert isinstance(ours, UnbufferedRelay)
    use_unbuffered_relay()  # at the next run of the page, while somebody is watching
    assert relay.get_global_relay() is ours
    loop.close()


def test_an_empty_list_of_ice_servers_stays_empty_at_both_ends() -> None:
    none = {"iceServers": []}
    assert component.enhance_frontend_rtc_configuration(none) == none
    at_server = component._resolve_server_rtc_configuration(none).iceServers
    assert at_server == []
    assert aiortc.rtcicetransport.connection_kwargs(at_server) == {}


def test_an_empty_configuration_would_add_a_public_server() -> None:
    # the reason why the list is said outright; once this fails, it no longer must be
    assert component.enhance_frontend_rtc_configuration({})["iceServers"]


def _offer(*codecs: str) -> str:
    payloads = " ".join(str(96 + index) for index in range(len(codecs)))
    lines = [f"a=rtpmap:{96 + index} {codec}/90000" for index, codec in enumerate(codecs)]
    video = [f"m=video 9 UDP/TLS/RTP/SAVPF {payloads}", "a=mid:1", *lines, "a=sendrecv"]
    audio = ["m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2"]
    return "\r\n".join(["v=0", "s=-", *audio, *video, ""])


@pytest.mark.parametrize(
    ("codecs", "expected"),
    [
        pytest.param(("H264", "VP8", "rtx"), ("VP8", "H264", "rtx"), id="an Apple browser"),
        pytest.param(("VP8", "H264"), ("VP8", "H264"), id="already first"),
        pytest.param(("H264", "AV1"), ("H264", "AV1"), id="no VP8"),
        pytest.param(("VP8",), ("VP8",), id="only VP8"),
    ],
)
def test_vp8_comes_first(codecs: tuple[str, ...], expected: tuple[str, ...]) -> None:
    before, after = _offer(*codecs), vp8_first(_offer(*codecs))
    found = [line.split()[1] for line in after.splitlines() if line.startswith("a=rtpmap")]
    assert found == ["opus/48000/2", *(f"{codec}/90000" for codec in expected)]
    assert sorted(after.splitlines()) == sorted(before.splitlines())


def test_no_full_collection_after_each_refresh() -> None:
    config = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    assert tomllib.loads(config.read_text())["runner"]["postScriptGC"] is False


class Session:
    """A session that shows one page; what it was asked for and obeyed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.page_script_hash = "live"
        self.obeyed: list[ClientState | None] = []
        monkeypatch.setattr(streaming_fixes, "_obey", Session._note)
        monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
        keep_page_changes()

    def _note(self, client_state: ClientState | None) -> None:
        self.obeyed.append(client_state)

    def obeys(self, client_state: ClientState | None) -> bool:
        before = len(self.obeyed)
        AppSession.request_rerun(self, client_state)  # type: ignore[arg-type]
        return len(self.obeyed) > before


def _click_on(page: str) -> ClientState:
    return ClientState(page_script_hash=page)


def _report_of(page: str) -> ClientState:
    state = ClientState(page_script_hash=page)
    state.widget_states.widgets.add(id="streamer").json_value = '{"playing":false}'
    return state


def _refresh_of(page: str) -> ClientState:
    return ClientState(page_script_hash=page, fragment_id="notice")


@pytest.mark.parametrize("late", [_report_of, _refresh_of], ids=["a report", "a refresh"])
def test_what_a_left_page_asks_for_is_not_obeyed(
    monkeypatch: pytest.MonkeyPatch, late: Callable[[str], ClientState]
) -> None:
    session = Session(monkeypatch)
    assert session.obeys(late("live"))
    assert session.obeys(_click_on("stills"))
    assert not session.obeys(late("live"))
    session.page_script_hash = "stills"  # its run has begun, the browser does not know yet
    assert not session.obeys(late("live"))
    assert session.obeys(late("stills"))


@pytest.mark.parametrize(
    "clicks",
    [
        pytest.param(("stills", "live"), id="there and back"),
        pytest.param(("live",), id="on the page that is shown"),
        pytest.param((), id="none"),
    ],
)
def test_a_page_that_is_wanted_is_obeyed(
    monkeypatch: pytest.MonkeyPatch, clicks: tuple[str, ...]
) -> None:
    session = Session(monkeypatch)
    assert all(session.obeys(_click_on(page)) for page in clicks)
    assert session.obeys(_report_of("live"))
    assert session.obeys(None)


def test_a_browser_that_missed_the_change_of_page_is_obeyed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(monkeypatch)
    session.obeys(_click_on("stills"))
    later_s = time.monotonic() + streaming_fixes.LATE_FOR_S
    monkeypatch.setattr(time, "monotonic", lambda: later_s)
    assert session.obeys(_report_of("live"))


def test_the_first_visit_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(monkeypatch)
    session.page_script_hash = ""
    assert session.obeys(_click_on(""))
    assert session.obeys(_report_of("live"))


def _browser_with(
    monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str], session_id: str | None
) -> str:
    monkeypatch.setattr(streaming_fixes.st, "context", SimpleNamespace(cookies=cookies))
    context = None if session_id is None else SimpleNamespace(session_id=session_id)
    monkeypatch.setattr(streaming_fixes, "get_script_run_ctx", lambda: context)
    return browser_of_session()


def test_a_browser_is_known_again_in_another_session(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = b"0123456789abcdef", b"fedcba9876543210"
    cookies = [generate_xsrf_token_string(token, 1) for token in (one, one, other)]
    assert len(set(cookies)) == 3
    first, again, another = (
        _browser_with(monkeypatch, {XSRF_COOKIE_NAME: cookie}, session_id=str(number))
        for number, cookie in enumerate(cookies)
    )
    assert first == again != another
    assert one.hex() not in first


@pytest.mark.parametrize("cookies", [{}, {XSRF_COOKIE_NAME: "2|broken"}])
def test_without_the_cookie_the_session_stands_for_the_browser(
    monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]
) -> None:
    assert _browser_with(monkeypatch, cookies, "session") == "session"
    assert _browser_with(monkeypatch, cookies, None) == ""
