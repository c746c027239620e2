"""The Timeline in a real browser: dragging, marks, a session that goes on, and a finger."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, FloatRect, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from app.palette import ACCENT_HEX, ALERT_HEX, rgb
from core.clock import SystemClock
from core.monitoring.second import Second
from core.records.alert_store import AlertStore
from core.records.camera_row import CameraRow
from core.records.database import open_database
from core.records.note_store import NoteStore
from core.records.second_store import SecondStore
from tests.support.alerts import new_alert
from tests.support.chromium import record_outside_requests
from tests.support.live_page import PATIENCE_MS, press, start
from tests.support.seconds import person
from tests.support.server import RunningServer, running_server

RECORDED_S = 3000
NOTE = "Visitors came"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0 Mobile Safari/537.36"
)

PIECE_MS = "document.querySelector('.js-plotly-plot').data.find(trace => trace.dx).dx"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """In the place of every test file's own: one that has seen somebody for 50 minutes."""
    folder = tmp_path_factory.mktemp("timeline")
    _record(folder / "data", SystemClock().now_utc())
    with running_server(folder) as running:
        yield running


def _record(data_dir: Path, now_utc: datetime) -> None:
    """Until a minute ago, with a note and an alert."""
    data_dir.mkdir()
    began_utc = now_utc - timedelta(seconds=RECORDED_S + 60)
    with closing(open_database(None, data_dir)) as database:
        SecondStore(database).add(
            CameraRow("kitchen", "Kitchen", "mien7"),
            [
                Second(5.0 + i, began_utc + timedelta(seconds=i + 1), 9, 1, 99.0, 2.0, (person(),))
                for i in range(RECORDED_S)
            ],
        )
        clock = SystemClock()
        NoteStore(database, clock).add(began_utc + timedelta(minutes=30), NOTE)
        fired_utc = began_utc + timedelta(minutes=20)
        AlertStore(database, clock).open(
            new_alert(camera_id="kitchen", fired_utc=fired_utc, picture_jpeg=None), 60
        )


def _open(page: Page, address: str = "/timeline") -> None:
    page.goto(address)
    expect(_chart(page)).to_be_visible(timeout=PATIENCE_MS)


def _chart(page: Page) -> Locator:
    return page.locator(".st-key-timeline-place .js-plotly-plot .main-svg").first


def _box(found: Locator) -> FloatRect:
    """Where it is; a chart that is drawn anew is nowhere for a moment."""
    for _ in range(100):
        box = found.bounding_box(timeout=PATIENCE_MS)
        if box is not None:
            return box
        found.page.wait_for_timeout(100)
    raise AssertionError(f"{found} is nowhere")


def _drag(page: Page, begin: float, end: float) -> None:
    """Across the chart, in parts of its width."""
    box = _box(page.locator(".st-key-timeline-place .nsewdrag").first)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + begin * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=12)
    page.mouse.up()


def _click_mark_until(page: Page, colour_hex: str, opened: Locator) -> None:
    """A page that is still being laid out does not listen yet."""
    red, green, blue = rgb(colour_hex)
    fill = f"fill: rgb({red}, {green}, {blue})"
    mark = page.locator(f'.st-key-timeline-place .points path[style*="{fill}"]')
    for _ in range(10):
        box = _box(mark.last)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        with suppress(PlaywrightTimeoutError):
            opened.wait_for(timeout=3000)
            return
    expect(opened).to_be_visible()


def test_dragging_shows_that_time_in_finer_pieces_and_back_leads_back(page: Page) -> None:
    _open(page)
    assert page.evaluate(PIECE_MS) == 5000
    _drag(page, 0.4, 0.6)
    expect(page).to_have_url(re.compile("from=.*to="), timeout=PATIENCE_MS)
    page.wait_for_function(f"{PIECE_MS} === 1000", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Back").click()
    expect(page).to_have_url(re.compile("time=1h"))
    page.wait_for_function(f"{PIECE_MS} === 5000", timeout=PATIENCE_MS)


def test_a_click_on_a_mark_opens_it(page: Page) -> None:
    _open(page, "/timeline?time=1h")
    dialog = page.get_by_role("dialog")
    _click_mark_until(page, ACCENT_HEX, dialog)
    expect(dialog.get_by_role("textbox")).to_have_value(NOTE, timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("note="))
    expect(dialog).to_have_count(0)
    _click_mark_until(page, ALERT_HEX, page.get_by_role("heading", name="Alert 1"))
    expect(page).to_have_url(re.compile(r"/alerts\?alert=1$"), timeout=PATIENCE_MS)


def test_a_session_goes_on_by_itself_and_shows_what_was_marked_on_live(
    page: Page, server: RunningServer
) -> None:
    start(page)
    page.get_by_role("button", name="Mark this moment").click()
    page.get_by_role("textbox", name="What happened?").fill("A smile")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("It stands on the Timeline")).to_be_visible(timeout=PATIENCE_MS)

    timeline = page.context.new_page()
    _open(timeline, "/timeline?time=2min")
    timeline.get_by_text("1 note in this time").click(timeout=PATIENCE_MS)
    expect(timeline.get_by_role("button", name=re.compile("A smile"))).to_be_visible()
    shown = timeline.locator(".st-key-timeline-place")
    ends = "document.querySelector('.js-plotly-plot').layout.xaxis.range[1]"
    before = timeline.evaluate(ends)
    timeline.wait_for_function(f"{ends} > {before!r}", timeout=PATIENCE_MS)
    # under the pointer it holds still
    shown.hover(position={"x": 300, "y": 150})
    timeline.wait_for_timeout(1000)
    held = timeline.evaluate(ends)
    timeline.wait_for_timeout(2500)
    assert timeline.evaluate(ends) == held
    # the picture on Live was not made anew
    expect(page.locator('iframe[title^="streamlit_webrtc"]')).to_have_count(1)
    press(page, "Stop")


def test_on_a_phone_a_finger_scrolls_and_nothing_is_wider_than_the_screen(
    browser: Browser, server: RunningServer
) -> None:
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": 390, "height": 844},
        user_agent=PHONE,
        has_touch=True,
        is_mobile=True,
    )
    outside = record_outside_requests(context, server.url)
    page = context.new_page()
    _open(page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    expect(page.get_by_role("button", name="Look closer")).to_be_visible()
    box = _box(page.locator(".st-key-timeline-place .nsewdrag").first)
    x, y = box["x"] + 100, box["y"] + box["height"] / 2
    touch = context.new_cdp_session(page)
    _touch(touch, "touchStart", x, y)
    for step in range(1, 16):
        _touch(touch, "touchMove", x, y - 15 * step)
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"{main}.scrollTop > 100", timeout=PATIENCE_MS)
    context.close()
    assert outside == []


def _touch(touch: CDPSession, kind: str, x: float, y: float) -> None:
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
