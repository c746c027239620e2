"""The bridge, alone and behind a real WebRTC connection without a browser."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from fractions import Fraction
from typing import Any, TypeVar

import av
import numpy as np
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.contrib.media import MediaRelay
from aiortc.rtcrtpsender import RTCRtpSender
from streamlit_webrtc import WebRtcMode

from app.live.bridge import VideoBridge
from app.streaming_fixes import UnbufferedRelay, Vp8FirstWorker
from core.clock import SystemClock
from core.monitoring.conditions import LOST_AFTER_S
from core.monitoring.hub import CameraHub
from core.monitoring.observation import Observation
from core.monitoring.settings import AnalysisSettings
from core.monitoring.source import Source
from core.monitoring.worker import CameraWorker
from core.vision.frame import Frame
from core.watching.tower import WatchTower
from core.watching.watch import MISSED_FROM_S
from tests.support.clock import FakeClock
from tests.support.observing import observation, observed_face
from tests.support.waiting import eventually
from tests.support.watching import FakeDesk

Result = TypeVar("Result")


class SeeingAnalyser:
    """Sees one face in each frame."""

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        return observation(observed_face(), sequence=frame.sequence, at_s=frame.captured_s)


@pytest.fixture
def hub() -> Iterator[CameraHub]:
    clock = SystemClock()
    made = CameraHub(lambda settings: CameraWorker(SeeingAnalyser(), settings, clock))
    yield made
    made.close_all(timeout_s=10)


def grey_frame(pts: int = 0, size: tuple[int, int] = (640, 480)) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 128, np.uint8), "bgr24")
    frame.pts, frame.time_base = pts, Fraction(1, 90_000)
    return frame


def test_marks_appear_once_the_worker_has_seen_the_face(hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock())
    plain = bridge.recv(grey_frame()).to_ndarray(format="bgr24")
    assert bridge.worker is not None
    eventually(lambda: bridge.worker is not None and bridge.worker.observation is not None)
    marked = bridge.recv(grey_frame()).to_ndarray(format="bgr24")
    assert abs(marked.astype(int) - plain).max() > 50


def test_timestamps_are_those_of_the_frame(hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock())
    shown = bridge.recv(grey_frame(pts=4711))
    assert (shown.pts, shown.time_base) == (4711, Fraction(1, 90_000))


def test_an_old_overlay_is_not_drawn(hub: CameraHub) -> None:
    clock = FakeClock()
    bridge = VideoBridge(hub, AnalysisSettings(), clock)
    bridge.recv(grey_frame())
    worker = bridge.worker
    assert worker is not None
    eventually(lambda: worker.observation is not None)
    assert worker.observation is not None
    clock.advance(worker.observation.captured_s + 5)
    shown = bridge.recv(grey_frame()).to_ndarray(format="bgr24")
    assert np.ptp(shown) < 10


def test_save_power_sends_frames_back_as_they_came_and_keeps_a_picture(hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(power_saving=True), SystemClock())
    frame = grey_frame()
    assert bridge.recv(frame) is frame
    assert not bridge.sends_back
    picture = bridge.picture()
    assert picture is not None
    assert picture.shape == (480, 640, 3)


def test_a_failing_frame_goes_back_as_it_came_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_: AnalysisSettings) -> CameraWorker:
        raise RuntimeError("can't start new thread")

    bridge = VideoBridge(CameraHub(broken), AnalysisSettings(), SystemClock())
    with caplog.at_level(logging.ERROR):
        for pts in range(3):
            frame = grey_frame(pts)
            assert bridge.recv(frame) is frame
    assert len(caplog.records) == 1


def test_a_late_frame_opens_no_worker_after_the_end(hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock())
    bridge.recv(grey_frame())
    bridge.ended()
    bridge.ended()
    bridge.recv(grey_frame())
    assert len(hub) == 0
    assert bridge.worker is not None
    assert bridge.worker.join(10)


def test_settings_reach_the_worker(hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock())
    bridge.recv(grey_frame())
    bridge.choose(AnalysisSettings(model="other"))
    assert bridge.worker is not None
    assert bridge.worker.settings.model == "other"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own, as Streamlit's server has one."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(10)
    made.close()


def in_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Result]) -> Result:
    future: Future[Result] = asyncio.run_coroutine_threadsafe(work, loop)
    return future.result(20)


class Browser:
    """The other end: offers H.264 before VP8, as Apple's browsers do."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.returned: list[MediaStreamTrack] = []
        self.peer.on("track", self.returned.append)

    async def offer(self) -> RTCSessionDescription:
        self.peer.addTrack(VideoStreamTrack())
        codecs = RTCRtpSender.getCapabilities("video").codecs
        h264_first = sorted(codecs, key=lambda codec: codec.mimeType != "video/H264")
        self.peer.getTransceivers()[0].setCodecPreferences(h264_first)
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription

    async def frames(self, count: int) -> list[av.VideoFrame]:
        return [await self.returned[0].recv() for _ in range(count)]  # type: ignore[misc]


async def _make(kind: Callable[[], Result]) -> Result:
    return kind()


def server_end(
    bridge: VideoBridge, loop: asyncio.AbstractEventLoop, relay: MediaRelay
) -> Vp8FirstWorker:
    nothing = dict.fromkeys(
        (
            "source_video_track", "source_audio_track", "sink_video_track", "sink_audio_track",
            "player_factory", "in_recorder_factory", "out_recorder_factory",
            "audio_frame_callback", "queued_video_frames_callback",
            "queued_audio_frames_callback", "on_audio_ended", "video_processor_factory",
            "audio_processor_factory",
        )
    )  # fmt: skip
    return Vp8FirstWorker(
        mode=WebRtcMode.SENDRECV,
        rtc_configuration=RTCConfiguration(iceServers=[]),
        video_frame_callback=bridge.recv,
        on_video_ended=bridge.ended,
        async_processing=False,
        video_receiver_size=1,
        audio_receiver_size=1,
        sendback_video=True,
        sendback_audio=False,
        loop=loop,
        relay=relay,
        **nothing,
    )


def test_a_whole_connection(loop: asyncio.AbstractEventLoop, hub: CameraHub) -> None:
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock())
    relay = in_loop(loop, _make(UnbufferedRelay))
    worker = in_loop(loop, _make(lambda: server_end(bridge, loop, relay)))
    browser = in_loop(loop, _make(Browser))
    offer = in_loop(loop, browser.offer())
    assert offer.sdp.index("H264/90000") < offer.sdp.index("VP8/90000")

    answer = worker.process_offer(offer.sdp, offer.type, timeout=10)
    assert answer.sdp.index("VP8/90000") < answer.sdp.find("H264/90000") % len(answer.sdp)
    in_loop(loop, browser.peer.setRemoteDescription(answer))
    frames = in_loop(loop, browser.frames(20))
    assert all((frame.width, frame.height) == (640, 480) for frame in frames)
    pts = [frame.pts for frame in frames]
    assert pts == sorted(set(pts))
    assert bridge.worker is not None
    eventually(lambda: bridge.worker is not None and bridge.worker.observation is not None)

    worker.stop()
    in_loop(loop, browser.peer.close())
    eventually(lambda: bridge.is_over)
    assert len(hub) == 0
    assert bridge.worker.join(10)


class Stopping:
    """A watched bridge whose frames come when the test says so."""

    def __init__(self, hub: CameraHub) -> None:
        self.desk = FakeDesk()
        self.clock = FakeClock()
        self.tower = WatchTower(self.desk, None, self.clock)
        self.bridge = VideoBridge(
            hub, AnalysisSettings(), self.clock, tower=self.tower, browser="tablet"
        )
        self.bridge.recv(grey_frame())
        self.watch = self.tower.watches()[0]
        eventually(lambda: self.watch.snapshot() is not None)
        self.watch._seen_s += MISSED_FROM_S  # as if it had run for a minute

    @property
    def is_waited_for(self) -> bool:
        return any(camera.has_ended for camera in self.tower.cameras())


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    clock = FakeClock()
    hub = CameraHub(lambda settings: CameraWorker(SeeingAnalyser(), settings, clock))
    made = Stopping(hub)
    made.clock = clock
    yield made
    hub.close_all(timeout_s=10)


def test_stop_is_on_purpose_in_whatever_order_its_two_signs_come(stopping: Stopping) -> None:
    stopping.bridge.browser_stopped()
    stopping.bridge.ended()
    assert stopping.tower.cameras() == ()


def test_stop_that_is_reported_after_the_end_is_on_purpose(stopping: Stopping) -> None:
    stopping.bridge.ended()
    assert stopping.is_waited_for
    stopping.bridge.browser_stopped()
    assert stopping.tower.cameras() == ()


def test_an_end_without_a_report_is_waited_for(stopping: Stopping) -> None:
    stopping.bridge.ended()
    assert stopping.is_waited_for


def test_a_connection_that_the_browser_gave_up_after_a_silence_is_waited_for(
    stopping: Stopping,
) -> None:
    stopping.clock.advance(LOST_AFTER_S + 1)
    stopping.bridge.browser_stopped()
    stopping.bridge.ended()
    assert stopping.is_waited_for


def test_the_report_of_a_page_that_is_shown_again_is_no_stop(stopping: Stopping) -> None:
    stopping.bridge.was_left = True
    stopping.bridge.ended()
    stopping.bridge.browser_stopped()
    assert stopping.is_waited_for


def test_the_demo_is_not_watched(hub: CameraHub) -> None:
    tower = WatchTower(FakeDesk(), None, SystemClock())
    bridge = VideoBridge(hub, AnalysisSettings(), SystemClock(), Source.DEMO, tower=tower)
    bridge.recv(grey_frame())
    bridge.ended()
    bridge.browser_stopped()
    assert (bridge.camera_id, tower.cameras()) == ("", ())
