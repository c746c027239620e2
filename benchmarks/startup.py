"""How long the first page takes and how much memory the server holds.

    python -m benchmarks.startup --json

Set-up has to be done; needs Chromium. Times run from `make run` on a machine that ran it before.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

from benchmarks.report import print_figures
from tests.support.camera import portrait_frames, write_camera
from tests.support.chromium import chromium_with_camera
from tests.support.server import MAKE_RUN, ROOT, running_server

_PLAYING = "video => video.currentTime > 0 && video.videoWidth > 0"


@dataclass(frozen=True)
class Startup:
    """Seconds from `make run`, and resident memory of the server process in MB (10⁶ bytes).

    Attributes:
        make_run_s: until the server answers over HTTP.
        first_page_s: until headless Chromium shows the Live page.
        server_rss_mb: with that page open and no camera.
        server_rss_camera_mb: after some seconds of one camera.
    """

    make_run_s: float
    first_page_s: float
    server_rss_mb: float
    server_rss_camera_mb: float


def measure(camera_s: float) -> Startup:
    """Starts the server once, opens Live, then its camera for some seconds."""
    subprocess.run(["make", "--silent", "setup"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        camera = write_camera(Path(folder) / "portrait.mjpeg", portrait_frames())
        with chromium_with_camera(playwright, camera) as browser:
            started_s = time.monotonic()
            with running_server(Path(folder), command=MAKE_RUN) as server:
                make_run_s = time.monotonic() - started_s
                page = browser.new_page(base_url=server.url)
                page.goto("/")
                start = _start_button(page)
                expect(start).to_be_enabled(timeout=60_000)
                first_page_s = time.monotonic() - started_s
                time.sleep(2)
                idle_mb = server_rss_mb(server.pid)
                start.click()
                _wait_for_picture(page)
                time.sleep(camera_s)
                camera_mb = server_rss_mb(server.pid)
    return Startup(*(round(value, 2) for value in (make_run_s, first_page_s, idle_mb, camera_mb)))


def _start_button(page: Page) -> Locator:
    return page.frame_locator("iframe[title*='webrtc']").get_by_role("button", name="Start")


def _wait_for_picture(page: Page) -> None:
    video = page.frame_locator("iframe[title*='webrtc']").locator("video")
    give_up_s = time.monotonic() + 60
    while not video.evaluate(_PLAYING):
        if time.monotonic() > give_up_s:
            raise TimeoutError("No picture came back within a minute.")
        time.sleep(0.2)


def server_rss_mb(group: int) -> float:
    """Of the largest process of a process group: the server, beside make and its shell."""
    page_bytes = os.sysconf("SC_PAGE_SIZE")
    pages = [0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                pages.append(int((folder / "statm").read_text().split()[1]))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return max(pages) * page_bytes / 1e6


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--camera-seconds", type=float, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = asdict(measure(options.camera_seconds))
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
