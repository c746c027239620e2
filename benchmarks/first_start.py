"""Whether the very first START on a freshly started server leads to a picture.

python -m benchmarks.first_start --servers 25 --json
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as BrowserTimeoutError

from benchmarks.report import print_figures
from tests.support.camera import portrait_frames, write_camera
from tests.support.chromium import chromium_with_camera
from tests.support.server import RunningServer, running_server

PATIENCE_MS = 20_000
_PLAYING = "() => document.querySelector('video')?.currentTime > 0.5"


def measure(servers: int) -> dict[str, int]:
    """Starts as many servers, one after the other, and presses START once on each."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        camera = write_camera(folder / "portrait.mjpeg", portrait_frames())
        successes = 0
        for number in range(servers):
            with (
                running_server(folder / str(number)) as server,
                chromium_with_camera(playwright, camera) as browser,
            ):
                successes += _starts(browser, server)
    return {"servers": servers, "successes": successes}


def _starts(browser: Browser, server: RunningServer) -> bool:
    page = browser.new_page(base_url=server.url)
    page.goto("/")
    streamer = page.frame_locator('iframe[title^="streamlit_webrtc"]')
    streamer.get_by_role("button", name="Start", exact=True).click(timeout=60_000)
    frame = next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)
    try:
        frame.wait_for_function(_PLAYING, timeout=PATIENCE_MS)
    except BrowserTimeoutError:
        return False
    return True


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_start", description=__doc__)
    parser.add_argument("--servers", type=int, default=25)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.servers)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
