"""The demo clip on Live: in a browser that has no camera and never asks for one."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.support.chromium import (
    CameraAnswer,
    chromium_with_camera,
    record_outside_requests,
)
from tests.support.server import RunningServer, running_server
from tests.support.waiting import eventually

PATIENCE_MS = 60_000

NOTE_WHAT_IS_ASKED = """
window.asked = []
for (const name of ['getUserMedia', 'enumerateDevices']) {
  const real = navigator.mediaDevices[name].bind(navigator.mediaDevices)
  navigator.mediaDevices[name] = (...rest) => { window.asked.push(name); return real(...rest) }
}
"""
PIXELS = """image => {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height)
  let sum = 0, dark = 0
  for (let i = 0; i < data.length; i += 4) {
    sum = (sum * 31 + data[i] + data[i + 1] + data[i + 2]) % 1000000007
    if (data[i] < 45 && data[i + 1] < 50 && data[i + 2] < 60) dark += 1
  }
  return {width: canvas.width, height: canvas.height, sum, dark}
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as it comes: no camera, no permission."""
    with chromium_with_camera(playwright, None, CameraAnswer.UNASKED) as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 1400})
    context.add_init_script(NOTE_WHAT_IS_ASKED)
    outside = record_outside_requests(context, server.url)
    opened = context.new_page()
    opened.goto("/")
    yield opened
    context.close()
    assert outside == []
    eventually(lambda: cameras(server) == 0)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def try_it(page: Page) -> None:
    # Trap: until the streamer has reported, Live is still being laid out under the pointer.
    expect(start_button(page)).to_be_visible(timeout=PATIENCE_MS)
    button(page, "Try it without a camera").click(timeout=PATIENCE_MS)
    expect(picture(page)).to_be_visible(timeout=PATIENCE_MS)


def picture(page: Page) -> Locator:
    return page.get_by_role("img", name="The demo clip")


def start_button(page: Page) -> Locator:
    frame = page.frame_locator('iframe[title^="streamlit_webrtc"]')
    return frame.get_by_role("button", name="Start", exact=True)


def expect_to_be_read(page: Page) -> None:
    expect(page.locator(".st-key-live-notice")).to_contain_text(
        "One face is being read", timeout=PATIENCE_MS
    )


def cameras(server: RunningServer) -> int:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
        return int(json.load(answer)["cameras"])


def test_the_clip_plays_and_is_read_like_a_camera(page: Page) -> None:
    try_it(page)
    expect(page.get_by_text("A rendered face, not a person")).to_be_visible()
    expect_to_be_read(page)
    expect(page.locator(".st-key-live-reading").get_by_role("listitem")).to_have_count(7)
    expect(page.get_by_text(re.compile(r"\d+ frames per second in"))).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE_MS)

    first = picture(page).evaluate(PIXELS)
    assert (first["width"], first["height"]) == (640, 480)
    assert first["dark"] > 400  # the plate with the word
    eventually(lambda: picture(page).evaluate(PIXELS)["sum"] != first["sum"])
    assert page.evaluate("window.asked") == []


def test_the_word_changes_with_the_face(page: Page) -> None:
    try_it(page)
    said: set[str] = set()

    def listen() -> bool:
        text = page.locator(".st-key-live-reading").inner_text()
        said.update(re.findall(r"Looks \w+", text))
        return len(said) >= 2

    eventually(listen, within_s=90, every_s=0.2)


def test_back_to_the_camera(page: Page, server: RunningServer) -> None:
    try_it(page)
    expect_to_be_read(page)
    assert cameras(server) == 1
    button(page, "Back to the camera").click()
    expect(start_button(page)).to_be_visible(timeout=PATIENCE_MS)
    expect(picture(page)).to_have_count(0)
    expect(page.get_by_text("A rendered face")).to_have_count(0)
    expect(page.locator(".st-key-live-reading")).to_contain_text("No reading yet")
    eventually(lambda: cameras(server) == 0)


def test_a_visitor_who_presses_twice_reloads_leaves_and_returns(
    page: Page, server: RunningServer
) -> None:
    button(page, "Try it without a camera").dblclick(timeout=PATIENCE_MS)
    expect_to_be_read(page)
    assert cameras(server) == 1
    page.reload()
    expect(button(page, "Try it without a camera")).to_be_visible(timeout=PATIENCE_MS)
    eventually(lambda: cameras(server) == 0)
    try_it(page)
    expect_to_be_read(page)
    page.get_by_role("link", name="Stills").click()
    expect(page.get_by_role("heading", name="Stills")).to_be_visible(timeout=PATIENCE_MS)
    eventually(lambda: cameras(server) == 0)
    page.get_by_role("link", name="Live").click()
    try_it(page)
    expect_to_be_read(page)
    assert cameras(server) == 1


@pytest.mark.parametrize(
    ("has_camera", "answer", "words"),
    [
        pytest.param(True, CameraAnswer.REFUSED, "was not allowed", id="permission refused"),
        pytest.param(False, CameraAnswer.ALLOWED, "No camera was found", id="no camera"),
    ],
)
def test_a_browser_without_a_picture_is_offered_the_clip(
    playwright: Playwright,
    server: RunningServer,
    fake_camera: Path,
    has_camera: bool,
    answer: CameraAnswer,
    words: str,
) -> None:
    camera = fake_camera if has_camera else None
    with chromium_with_camera(playwright, camera, answer) as browser:
        page = browser.new_page(base_url=server.url)
        page.goto("/")
        start_button(page).click(timeout=PATIENCE_MS)
        expect(page.get_by_text(words)).to_be_visible(timeout=PATIENCE_MS)
        try_it(page)
        expect_to_be_read(page)


def test_two_visitors_see_a_clip_each(browser: Browser, page: Page, server: RunningServer) -> None:
    try_it(page)
    other = browser.new_page(base_url=server.url)
    other.goto("/")
    try_it(other)
    for each in (page, other):
        expect_to_be_read(each)
    assert cameras(server) == 2
    other.close()
    eventually(lambda: cameras(server) == 1)


def test_sigterm_ends_the_server_while_the_clip_plays(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        page = browser.new_page(base_url=server.url)
        page.goto("/")
        try_it(page)
        expect_to_be_read(page)
        os.kill(server.pid, signal.SIGTERM)
        give_up_s = time.monotonic() + 30
        while os.waitpid(server.pid, os.WNOHANG)[0] == 0:
            assert time.monotonic() < give_up_s, server.log()
            time.sleep(0.1)
        page.close()
        assert "Traceback" not in server.log()
