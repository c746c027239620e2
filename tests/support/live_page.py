"""What a person does on the Live page."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Page, expect

PATIENCE_MS = 30_000


def streamer(page: Page) -> FrameLocator:
    """The part of the page that has START, STOP and the picture."""
    return page.frame_locator('iframe[title^="streamlit_webrtc"]')


def press(page: Page, name: str) -> None:
    """One of the picture's buttons: “Start” or “Stop”."""
    streamer(page).get_by_role("button", name=name, exact=True).click(timeout=PATIENCE_MS)


def start(page: Page) -> None:
    """Presses START and waits for the picture."""
    press(page, "Start")
    expect(streamer(page).locator("video")).to_be_visible(timeout=PATIENCE_MS)
