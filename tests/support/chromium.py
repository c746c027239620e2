"""Headless Chromium with a camera that plays a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Playwright

from deploy.chromium import MISSING, find_chromium

KEEP_PEERS = """
window.peers = []
const Peer = window.RTCPeerConnection
window.RTCPeerConnection = class extends Peer {
  constructor(...rest) { super(...rest); window.peers.push(this) }
}
"""
"""Script for a page: keeps its connections in `window.peers`."""


class CameraAnswer(StrEnum):
    """What the person answers when the page asks for the camera."""

    UNASKED = "--deny-permission-prompts"
    ALLOWED = "--use-fake-ui-for-media-stream"
    REFUSED = "--use-fake-ui-for-media-stream=deny"


@contextmanager
def chromium_with_camera(
    playwright: Playwright, camera: Path | None, answer: CameraAnswer = CameraAnswer.ALLOWED
) -> Iterator[Browser]:
    """Launches Chromium with `camera` (MJPEG), or with none, as its only camera."""
    executable = find_chromium()
    if executable is None:
        raise FileNotFoundError(MISSING)
    browser = _launch(playwright, executable, _camera_options(camera, answer))
    try:
        yield browser
    finally:
        browser.close()


def _launch(playwright: Playwright, executable: str, options: list[str]) -> Browser:
    return playwright.chromium.launch(
        executable_path=executable,
        # Root may not start the sandbox, and Ubuntu denies it to builds outside its packages.
        chromium_sandbox=os.geteuid() != 0 and executable.startswith("/usr/"),
        args=[
            "--disable-background-networking",
            "--disable-component-update",
            "--autoplay-policy=no-user-gesture-required",
            *options,
        ],
    )


def _camera_options(camera: Path | None, answer: CameraAnswer) -> list[str]:
    if camera is None:
        return [answer, "--use-fake-device-for-media-stream=device-count=0"]
    return [
        answer,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]


def record_outside_requests(context: BrowserContext, server_url: str) -> list[str]:
    """A list that grows by each address outside the server that a page of `context` asks for."""
    outside: list[str] = []

    def note(address: str) -> None:
        parts = urlsplit(address)
        if parts.netloc != urlsplit(server_url).netloc and parts.scheme not in {"data", "blob"}:
            outside.append(address)

    def watch_web_sockets(page: object) -> None:
        page.on("websocket", lambda socket: note(socket.url))  # type: ignore[attr-defined]

    context.on("request", lambda request: note(request.url))
    context.on("page", watch_web_sockets)
    return outside
