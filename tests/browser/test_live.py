"""Live on the real server, in a real browser, with a camera that plays a file."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.support.camera import plain_frames, write_camera
from tests.support.chromium import (
    KEEP_PEERS,
    CameraAnswer,
    chromium_with_camera,
    record_outside_requests,
)
from tests.support.live_page import PATIENCE_MS, press, start, streamer
from tests.support.server import RunningServer, running_server
from tests.support.waiting import eventually

LOOKS = re.compile("Looks |Not sure")

# Both ends lose their ways to each other: no candidate passes.
NO_PATH = """
const peer = RTCPeerConnection.prototype
const bare = said => new RTCSessionDescription(
  {type: said.type, sdp: said.sdp.replace(/a=candidate:.*\\r\\n/g, '')})
const {get} = Object.getOwnPropertyDescriptor(peer, 'localDescription')
Object.defineProperty(peer, 'localDescription', {get() {
  const said = get.call(this)
  return said && bare(said)
}})
const set = peer.setRemoteDescription
peer.setRemoteDescription = function (said) { return set.call(this, bare(said)) }
const listen = EventTarget.prototype.addEventListener
peer.addEventListener = function (kind, ...rest) {
  if (kind !== 'icecandidate') listen.call(this, kind, ...rest)
}
"""
COUNT_FRAMES = """async seconds => {
  const video = document.querySelector('video')
  let frames = 0
  const began = performance.now()
  await new Promise(done => {
    const tick = () => {
      frames += 1
      if (performance.now() - began > seconds * 1000) done()
      else video.requestVideoFrameCallback(tick)
    }
    video.requestVideoFrameCallback(tick)
  })
  return frames / seconds
}"""


def choose(page: Page, label: str) -> None:
    """Clicks on a setting and waits until the server has taken it in."""
    page.get_by_text(label).click()
    time.sleep(0.5)
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)


def notice(page: Page) -> Locator:
    return page.locator(".st-key-live-notice")


def expect_notice(page: Page, text: str) -> None:
    expect(notice(page)).to_contain_text(text, timeout=PATIENCE_MS)


def health_line(page: Page) -> Locator:
    return page.get_by_text(re.compile(r"\d+ frames per second in"))


def run_in_streamer(page: Page, script: str, argument: object = None) -> object:
    frame = next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)
    return frame.evaluate(script, argument)


def points_of_timeline(page: Page) -> int:
    script = "() => document.querySelector('.js-plotly-plot')?.calcdata?.[0]?.length ?? 0"
    return int(page.evaluate(script))


def cameras(server: RunningServer) -> int:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
        return int(json.load(answer)["cameras"])


# A click on Stills, and in the same moment what the streamer reports whenever it appears.
CLICK_AND_REPORT = """() => {
  const links = [...document.querySelectorAll('[data-testid=stSidebarNavLink]')]
  links.find(link => link.textContent.includes('Stills')).click()
  document.querySelector('iframe[title^="streamlit_webrtc"]').contentWindow.eval(`parent.postMessage({
    isStreamlitMessage: true, type: 'streamlit:setComponentValue', dataType: 'json',
    value: {playing: false, sdpOffer: '', iceCandidates: {}},
  }, '*')`)
}"""


@contextmanager
def live_page(browser: Browser, server: RunningServer, script: str = "") -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    context.add_init_script(script)
    outside = record_outside_requests(context, server.url)
    page = context.new_page()
    page.goto(server.url)
    yield page
    context.close()
    assert outside == []


def test_a_face_is_read(page: Page) -> None:
    expect_notice(page, "Press START")
    start(page)
    expect_notice(page, "One face is being read")
    reading = page.locator(".st-key-live-reading")
    expect(reading).to_contain_text(LOOKS, timeout=PATIENCE_MS)
    expect(reading.get_by_role("listitem")).to_have_count(7)

    before = points_of_timeline(page)
    eventually(lambda: points_of_timeline(page) >= before + 3)

    assert float(str(run_in_streamer(page, COUNT_FRAMES, 2))) > 1
    figures = [int(number) for number in re.findall(r"\d+", health_line(page).inner_text())]
    frames_in, frames_out, analyses, *_ = figures
    assert frames_in > 0
    assert frames_out > 0
    assert analyses > 0


def test_the_picture_that_comes_back_carries_the_marks(page: Page) -> None:
    # the camera shows no pixel as saturated as the plate and the box
    start(page)
    expect_notice(page, "One face is being read")
    assert run_in_streamer(
        page,
        """async () => {
            const video = document.querySelector('video')
            const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
            const context = canvas.getContext('2d')
            context.drawImage(video, 0, 0)
            const {data} = context.getImageData(0, 0, canvas.width, canvas.height)
            let dark = 0
            for (let i = 0; i < data.length; i += 4)
                if (data[i] < 45 && data[i + 1] < 50 && data[i + 2] < 60) dark += 1
            return dark > 400
        }""",
    )


def test_stop_and_start_again(page: Page) -> None:
    start(page)
    expect_notice(page, "One face is being read")
    old = page.get_by_text("This is the last reading")
    expect(old).to_have_count(0)
    press(page, "Stop")
    expect_notice(page, "Press START")
    expect(old).to_be_visible(timeout=PATIENCE_MS)
    start(page)
    expect_notice(page, "One face is being read")
    expect(old).to_have_count(0, timeout=PATIENCE_MS)


def test_leaving_the_page_ends_the_camera_and_coming_back_starts_anew(
    browser: Browser, tmp_path: Path
) -> None:
    with running_server(tmp_path) as server, live_page(browser, server) as page:
        start(page)
        expect_notice(page, "One face is being read")
        assert cameras(server) == 1
        page.get_by_role("link", name="Stills").click()
        eventually(lambda: cameras(server) == 0)
        page.get_by_role("link", name="Live").click()
        expect_notice(page, "Press START")
        start(page)
        expect_notice(page, "One face is being read")
        assert cameras(server) == 1


def test_a_click_on_another_page_is_not_lost_to_a_late_report_of_this_one(page: Page) -> None:
    start_button = streamer(page).get_by_role("button", name="Start", exact=True)
    for _ in range(3):
        expect(start_button).to_be_visible(timeout=PATIENCE_MS)
        page.evaluate(CLICK_AND_REPORT)
        expect(page.get_by_role("heading", name="Stills")).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("link", name="Live").click()


def test_pausing_holds_the_charts_and_nothing_else(page: Page) -> None:
    start(page)
    eventually(lambda: points_of_timeline(page) > 0)
    page.get_by_text("Pause the charts").click()
    time.sleep(1.5)  # what was under way may still arrive
    held = points_of_timeline(page)
    time.sleep(2.5)
    assert points_of_timeline(page) == held
    assert float(str(run_in_streamer(page, COUNT_FRAMES, 1))) > 1


def test_save_power_sends_no_stream_but_a_picture_now_and_then(page: Page) -> None:
    choose(page, "Save power")
    try:
        press(page, "Start")
        expect_notice(page, "One face is being read")
        expect(page.get_by_test_id("stImage").locator("img")).to_be_visible(timeout=PATIENCE_MS)
        expect(health_line(page)).to_contain_text(" 0 out")
        expect(streamer(page).locator("video")).to_have_count(0)
    finally:
        choose(page, "Save power")
    expect(page.get_by_text("takes effect at the next START")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize(
    ("has_camera", "answer", "words"),
    [
        pytest.param(True, CameraAnswer.REFUSED, "was not allowed", id="permission refused"),
        pytest.param(False, CameraAnswer.ALLOWED, "No camera was found", id="no camera"),
    ],
)
def test_a_browser_without_a_picture_is_explained(
    playwright: Playwright,
    server: RunningServer,
    fake_camera: Path,
    has_camera: bool,
    answer: CameraAnswer,
    words: str,
) -> None:
    camera = fake_camera if has_camera else None
    with (
        chromium_with_camera(playwright, camera, answer) as browser,
        live_page(browser, server) as page,
    ):
        expect_notice(page, "Press START")
        press(page, "Start")
        expect_notice(page, words)
        # the streamer's own words are for programmers
        expect(streamer(page).get_by_role("alert")).to_be_hidden()
        page.get_by_role("link", name="Read pictures instead").click()
        expect(page.get_by_role("heading", name="Stills")).to_be_visible()


@pytest.mark.parametrize(
    ("grey", "words"),
    [pytest.param(128, "No face", id="nobody"), pytest.param(8, "too dark", id="dark")],
)
def test_a_room_without_a_face_is_explained(
    playwright: Playwright, server: RunningServer, tmp_path: Path, grey: int, words: str
) -> None:
    camera = write_camera(tmp_path / "room.mjpeg", plain_frames(grey))
    with chromium_with_camera(playwright, camera) as browser, live_page(browser, server) as page:
        start(page)
        expect_notice(page, words)
        expect(page.locator(".st-key-live-reading")).to_contain_text("No reading yet")


def test_where_no_way_leads_to_the_camera_single_pictures_are_read(
    browser: Browser, server: RunningServer
) -> None:
    with live_page(browser, server, NO_PATH) as page:
        press(page, "Start")
        expect_notice(page, "Still connecting")
        page.get_by_text("Take single pictures instead").click()
        page.get_by_role("button", name="Take Photo").click()
        expect(page.get_by_text(re.compile("Face 1 (looks|not sure)"))).to_be_visible(
            timeout=PATIENCE_MS
        )


def test_a_silent_camera_is_noticed(browser: Browser, server: RunningServer) -> None:
    with live_page(browser, server, KEEP_PEERS) as page:
        start(page)
        expect_notice(page, "One face is being read")
        run_in_streamer(
            page, "() => window.peers.at(-1).getSenders().forEach(s => s.replaceTrack(null))"
        )
        expect_notice(page, "No pictures are coming")
        expect(page.get_by_text("This is the last reading")).to_be_visible(timeout=PATIENCE_MS)


def test_a_closed_tab_leaves_nothing_running(browser: Browser, server: RunningServer) -> None:
    with live_page(browser, server) as page:
        start(page)
        expect_notice(page, "One face is being read")
        assert cameras(server) >= 1
    eventually(lambda: cameras(server) == 0, within_s=60)


def test_stop_stays_in_reach_on_a_turned_phone(page: Page) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    start(page)
    page.set_viewport_size({"width": 390, "height": 844})
    frame = page.locator('iframe[title^="streamlit_webrtc"]')
    stop = streamer(page).get_by_role("button", name="Stop", exact=True)
    eventually(lambda: _bottom(stop) <= _bottom(frame))
    page.set_viewport_size({"width": 1280, "height": 900})
    eventually(lambda: _bottom(stop) <= _bottom(frame))


def _bottom(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]
