"""How much of a pass-through picture's fluency is left once faces are read in it.

    python -m benchmarks.live --seconds 20 --json

Two real servers and headless Chromium with a camera of 640×480 at 30 frames a second on the same
cores: a pass-through page (Live's streamer, a callback that gives each frame back as it came) and
the dashboard, in turns, so that whatever else the machine does hits both alike.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from benchmarks.coded_camera import READ_CODE, coded_frames
from benchmarks.report import print_figures
from tests.support.camera import write_camera
from tests.support.chromium import KEEP_PEERS, chromium_with_camera
from tests.support.server import STREAMLIT, RunningServer, running_server

ROUNDS = 4
WARM_UP_S = 4.0
"""The browser starts with a low bit rate and a small picture."""

# When each picture was first seen at the camera and first seen coming back.
MEASURE = (
    "async seconds => {"
    + READ_CODE
    + """
  const peer = window.peers.at(-1)
  const returned = document.querySelector('video')
  const track = peer.getSenders().find(sender => sender.track?.kind === 'video').track
  const camera = Object.assign(document.createElement('video'),
    {srcObject: new MediaStream([track]), muted: true, playsInline: true,
     style: 'position:fixed;width:8px;height:6px;left:0;top:0;opacity:.01'})
  document.body.append(camera)
  await camera.play()
  const sentAt = new Map(), delays = []
  let going = true
  const watch = (video, see) => {
    const tick = now => {
      see(codeOf(video), now)
      if (going) video.requestVideoFrameCallback(tick)
    }
    video.requestVideoFrameCallback(tick)
  }
  watch(camera, (code, now) => sentAt.set(code, now))
  watch(returned, (code, now) => {
    const sent = sentAt.get(code)
    if (sent !== undefined && now - sent < 2000) delays.push(now - sent)
    sentAt.delete(code)
  })
  const count = async () => {
    const found = {}
    for (const report of (await peer.getStats()).values()) {
      if (report.kind !== 'video') continue
      if (report.type === 'outbound-rtp') found.sent = report.framesSent
      if (report.type === 'inbound-rtp') found.back = report.framesDecoded
    }
    return {...found, at: performance.now()}
  }
  const before = await count()
  await new Promise(done => setTimeout(done, seconds * 1000))
  const after = await count()
  going = false
  camera.remove()
  const spent = (after.at - before.at) / 1000
  return {sent_per_s: (after.sent - before.sent) / spent,
          back_per_s: (after.back - before.back) / spent,
          delays, width: returned.videoWidth}
}"""
)


@dataclass
class Turns:
    """What several turns of one page gave."""

    sent_per_s: list[float] = field(default_factory=list)
    back_per_s: list[float] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    health: list[dict[str, Any]] = field(default_factory=list)
    dropped: int = 0

    def add(self, measured: dict[str, Any]) -> None:
        """Takes in what the page measured in one turn."""
        self.sent_per_s.append(measured["sent_per_s"])
        self.back_per_s.append(measured["back_per_s"])
        self.delays_ms.extend(measured["delays"])


def measure(seconds: float) -> dict[str, float | int]:
    """Both pages in turns, `seconds` each in all; the keys are those of the module's output."""
    passthrough, real = Turns(), Turns()
    turn_s = seconds / ROUNDS
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        camera = write_camera(folder / "coded.mjpeg", coded_frames())
        with (
            _server(folder / "passthrough", "benchmarks/passthrough.py") as plain,
            _server(folder / "real", "benchmarks/figures_server.py") as dashboard,
            chromium_with_camera(playwright, camera) as browser,
        ):
            for _ in range(ROUNDS):
                with _playing(browser, plain) as frame:
                    passthrough.add(frame.evaluate(MEASURE, turn_s))
                with _playing(browser, dashboard) as frame:
                    before = _figures(dashboard)
                    real.add(frame.evaluate(MEASURE, turn_s))
                    after = _figures(dashboard)
                    real.health.append(after)
                    real.dropped += after["dropped"] - before["dropped"]
    return _summary(passthrough, real)


def _summary(passthrough: Turns, real: Turns) -> dict[str, float | int]:
    def mean(name: str) -> float:
        return round(fmean(health[name] for health in real.health), 1)

    out, plain_out = fmean(real.back_per_s), fmean(passthrough.back_per_s)
    return {
        "fps_in": round(fmean(real.sent_per_s), 1),
        "fps_passthrough": round(plain_out, 1),
        "fps_out": round(out, 1),
        "fps_out_share": round(out / plain_out, 3),
        "analyses_per_s": mean("analyses_per_s"),
        "latency_ms_median": mean("latency_ms_median"),
        "latency_ms_p95": mean("latency_ms_p95"),
        "dropped": real.dropped,
        "delay_ms_median": round(median(real.delays_ms), 1),
        "delay_ms_passthrough": round(median(passthrough.delays_ms), 1),
    }


@contextmanager
def _server(folder: Path, script: str) -> Iterator[RunningServer]:
    command = [script if part == "app/main.py" else part for part in STREAMLIT]
    with running_server(folder, command=command) as server:
        yield server


@contextmanager
def _playing(browser: Browser, server: RunningServer) -> Iterator[Frame]:
    """The streamer's frame of a page whose picture has been running for a while."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(KEEP_PEERS)
    page = context.new_page()
    page.goto(server.url)
    streamer = page.frame_locator('iframe[title^="streamlit_webrtc"]')
    streamer.get_by_role("button", name="Start", exact=True).click(timeout=60_000)
    streamer.locator("video").wait_for(timeout=60_000)
    time.sleep(WARM_UP_S)
    yield _streamer_frame(page)
    streamer.get_by_role("button", name="Stop", exact=True).click()
    time.sleep(1)
    context.close()


def _streamer_frame(page: Page) -> Frame:
    return next(frame for frame in page.frames if "streamlit_webrtc" in frame.url)


def _figures(server: RunningServer) -> dict[str, Any]:
    with urllib.request.urlopen(f"{server.url}/figures", timeout=10) as answer:
        cameras: list[dict[str, Any]] = json.load(answer)
    return cameras[-1]


def main() -> None:
    """Prints one figure a line, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="measured time of each page")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.seconds)
    print_figures(figures, as_json=options.json)


if __name__ == "__main__":
    main()
