"""The fake camera itself: a test on the page means nothing if Chromium shows it something else."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Page, Playwright

from tests.support.camera import SIZE, plain_frames, portrait_frames, write_camera
from tests.support.chromium import CameraAnswer, chromium_with_camera

_TAKE_PICTURE = """async () => {
    const stream = await navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}})
    const video = Object.assign(document.createElement('video'), {srcObject: stream, muted: true})
    await video.play()
    await new Promise(done => video.requestVideoFrameCallback(done))
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
    canvas.getContext('2d').drawImage(video, 0, 0)
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}"""


def _blank_page(browser: Browser) -> Page:
    page = browser.new_page()
    # Only a secure context has a camera: localhost is one, about:blank is not.
    page.route("http://localhost/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://localhost/")
    return page


def _take_picture(browser: Browser) -> np.ndarray:
    png = base64.b64decode(_blank_page(browser).evaluate(_TAKE_PICTURE))
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def test_chromium_shows_the_face_that_was_written(browser: Browser) -> None:
    picture = _take_picture(browser)
    assert picture.shape == (SIZE[1], SIZE[0], 3)
    differences = [float(cv2.absdiff(picture, frame).mean()) for frame in portrait_frames()]
    assert min(differences) < 4
    assert max(differences) > 20


@pytest.mark.parametrize("grey", [pytest.param(128, id="empty"), pytest.param(8, id="dark")])
def test_chromium_shows_a_room_without_anybody(
    playwright: Playwright, tmp_path: Path, grey: int
) -> None:
    camera = write_camera(tmp_path / "room.mjpeg", plain_frames(grey))
    with chromium_with_camera(playwright, camera) as browser:
        assert _take_picture(browser).mean() == pytest.approx(grey, abs=3)


@pytest.mark.parametrize(
    ("has_camera", "answer", "error"),
    [
        pytest.param(True, CameraAnswer.REFUSED, "NotAllowedError", id="refused"),
        pytest.param(False, CameraAnswer.ALLOWED, "NotFoundError", id="no camera"),
    ],
)
def test_chromium_gives_no_picture(
    playwright: Playwright, fake_camera: Path, has_camera: bool, answer: CameraAnswer, error: str
) -> None:
    with (
        chromium_with_camera(playwright, fake_camera if has_camera else None, answer) as browser,
        pytest.raises(Error, match=error),
    ):
        _take_picture(browser)
