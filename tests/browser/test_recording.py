"""A disk that cannot follow shows on Live, where readings are made, and disturbs nothing there."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from playwright.sync_api import Page, expect

from tests.support.live_page import PATIENCE_MS, start, streamer
from tests.support.server import RunningServer
from tests.support.waiting import eventually

UNSAVED = "Readings are not being saved now. Why stands below."
PLAYED_S = "video => video.currentTime"


def test_readings_that_cannot_be_written_are_said_beneath_the_picture(
    page: Page, server: RunningServer
) -> None:
    start(page)
    video = streamer(page).locator("video")
    expect(page.get_by_text("frames per second in")).to_be_visible(timeout=PATIENCE_MS)
    beneath = page.locator(".st-key-live-beneath")
    height_px = beneath.bounding_box()
    video.evaluate("video => { video.isTheSame = true }")
    with closing(sqlite3.connect(server.data_dir / "mien.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # as good as a disk that takes nothing
        locked_s = time.time()
        expect(page.get_by_text(UNSAVED)).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("Readings wait in memory until it works again.")).to_be_attached(
            timeout=PATIENCE_MS
        )
        assert beneath.bounding_box() == height_px
        played_s = float(video.evaluate(PLAYED_S))
        eventually(lambda: float(video.evaluate(PLAYED_S)) > played_s + 1)
        freed_s = time.time()
        other.execute("ROLLBACK")
    expect(page.get_by_text(UNSAVED)).to_have_count(0, timeout=PATIENCE_MS)
    assert video.evaluate("video => video.isTheSame")
    with closing(sqlite3.connect(server.data_dir / "mien.db")) as reader:
        meanwhile = "SELECT count(*) FROM second WHERE at_utc BETWEEN ? AND ?"
        (saved,) = reader.execute(meanwhile, (locked_s * 1e6, freed_s * 1e6)).fetchone()
    assert saved > 0  # what waited
