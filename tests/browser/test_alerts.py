"""An alert's whole way: a camera before a face, the carer's phone, the answer back on the page.

The messages go to the Bot API server of the tests, in whose chats people write and press.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from core.alerts.alert import Alert, Answer
from core.alerts.change import Ending
from core.alerts.policy import DEFAULT_WATCHES, AlertPolicy
from core.alerts.rule import Signal
from core.clock import SystemClock
from core.expression.palette import ALERT_HEX, rgb
from core.records.database import open_database
from core.records.recipient import ChannelKind
from core.records.stores import AlertFilter, AlertStore, PolicyStore, Recipients
from core.vision.detectors import build_detector
from core.vision.face import Box, DetectorKind
from tests.support.bot_api import LocalBotApi, SentMessage, running_bot_api
from tests.support.camera import demo_frames, write_camera
from tests.support.chromium import chromium_with_camera, record_outside_requests
from tests.support.episodes import new_alert, why_pain
from tests.support.live_page import PATIENCE_MS, press, start
from tests.support.pictures import portrait
from tests.support.server import SOON_MISSED, RunningServer, running_server
from tests.support.waiting import eventually

LOST_TOLD_AFTER_S = 5.0
"""The shortest that a policy may say."""

CALM_FOR_S = 40.0
WITHIN_SECONDS_MS = 8_000
PEOPLE = "?section=Who+is+told"


@pytest.fixture(scope="module")
def api() -> Iterator[LocalBotApi]:
    with running_bot_api() as running:
        yield running


@pytest.fixture(scope="module")
def anna(api: LocalBotApi) -> int:
    """The chat of a carer who is told from the start."""
    return api.add_person("Anna")


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, api: LocalBotApi, anna: int
) -> Iterator[RunningServer]:
    """In the place of every test file's own: one that has a bot, and an episode of yesterday."""
    folder = tmp_path_factory.mktemp("alerts")
    record_yesterday(folder / "data", told=anna)
    with running_server(folder, api.environment, command=SOON_MISSED) as running:
        yield running


@dataclass(frozen=True)
class CalmCamera:
    """A browser with a face that is neutral or happy.

    Attributes:
        page: Live, with its camera on.
        began_s: when it was switched on.
        told_before, episodes_before: what Anna had got by then, and how many episodes there were.
    """

    page: Page
    began_s: float
    told_before: int
    episodes_before: int


@pytest.fixture(scope="module")
def calm_camera(
    playwright: Playwright,
    tmp_path_factory: pytest.TempPathFactory,
    server: RunningServer,
    api: LocalBotApi,
    anna: int,
) -> Iterator[CalmCamera]:
    folder = tmp_path_factory.mktemp("calm")
    before = (len(api.from_bot(anna)), len(episodes(server)))
    with face(playwright, folder, "neutral", "happy") as context:
        yield CalmCamera(live_page(context, server), time.monotonic(), *before)


def record_yesterday(data_dir: Path, told: int | None = None) -> None:
    """A policy that misses a camera soon, and an episode that was answered."""
    data_dir.mkdir(parents=True)
    clock = SystemClock()
    fired_utc = clock.now_utc() - timedelta(days=1)
    with closing(open_database(None, data_dir)) as database:
        PolicyStore(database).save(impatient(AlertPolicy()))
        alerts = AlertStore(database, clock)
        new = new_alert(1, fired_utc, why=why_pain(fired_utc), picture_jpeg=portrait())
        alert = alerts.open(new, deadline_s=3600)
        alerts.close(alert.id, fired_utc + timedelta(seconds=95), Ending.CLEARED)
        alerts.answer(alert.id, Answer.ACKNOWLEDGED, "Ben")
        if told is not None:
            Recipients(database, clock).add("Anna", ChannelKind.TELEGRAM, str(told))


def impatient(policy: AlertPolicy) -> AlertPolicy:
    watches = (
        replace(watch, after_s=LOST_TOLD_AFTER_S) if watch.signal is Signal.CAMERA_LOST else watch
        for watch in DEFAULT_WATCHES
    )
    return replace(policy, watches=tuple(watches))


def episodes(server: RunningServer) -> tuple[Alert, ...]:
    """All that the server has recorded, newest first."""
    with closing(open_database(None, server.data_dir)) as database:
        return AlertStore(database, SystemClock()).list(AlertFilter(), 100)


def live_page(context: BrowserContext, server: RunningServer) -> Page:
    page = context.new_page()
    page.goto(server.url)
    start(page)
    return page


@contextmanager
def face(playwright: Playwright, folder: Path, *labels: str) -> Iterator[BrowserContext]:
    """A browser whose camera shows it, over and over."""
    camera = write_camera(folder / "face.mjpeg", demo_frames(*labels))
    with chromium_with_camera(playwright, camera) as chromium:
        yield chromium.new_context(viewport={"width": 1280, "height": 900})


def newest_row(page: Page) -> Locator:
    return page.locator("[class*=st-key-alert-row-]").first


def now_reads(api: LocalBotApi, message: SentMessage) -> SentMessage:
    """The message as it stands now."""
    same = (each for each in api.from_bot(message.chat_id) if each.message_id == message.message_id)
    return next(same)


def alert_coloured_box(image_rgb: Image.Image) -> Box:
    """Around all that is drawn in the colour of alerts, which no face has."""
    far = np.abs(np.asarray(image_rgb, np.int16) - np.array(rgb(ALERT_HEX))).max(axis=2)
    rows, columns = np.nonzero(far < 40)
    return Box(columns.min(), rows.min(), columns.max(), rows.max())


# While these run, a calm face is before the camera.
@pytest.mark.usefixtures("calm_camera")
def test_a_carer_is_linked_by_writing_the_code_of_the_page(page: Page, api: LocalBotApi) -> None:
    page.goto(f"/alerts{PEOPLE}")
    page.get_by_text("Link a carer's Telegram").click()
    form = page.get_by_test_id("stForm").filter(has_text="Show a code")
    form.get_by_label("Name").fill("Clara")
    form.get_by_role("button", name="Show a code").click()
    code = page.locator(".st-key-alerts-link-code code")
    expect(code).to_be_visible(timeout=PATIENCE_MS)
    clara = api.add_person("Clara")
    api.write(clara, "000000")
    api.write(clara, code.inner_text())
    expect(page.get_by_text("Clara · Telegram")).to_be_visible(timeout=PATIENCE_MS)
    expect(code).to_have_count(0)
    _, welcome = api.wait_for(2, clara)
    assert "Clara" in welcome.text
    page.locator("[class*=st-key-recipient-test-]").last.get_by_role("button").click()
    *_, test_message = api.wait_for(3, clara)
    assert "Test message" in test_message.text
    expect(page.get_by_text("was delivered: look into the chat")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.usefixtures("calm_camera")
def test_a_phone_needs_no_sideways_scrolling_and_nothing_is_asked_of_other_hosts(
    browser: Browser, server: RunningServer
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    outside = record_outside_requests(context, server.url)
    page = context.new_page()
    shown = {
        "": page.get_by_text("Alert 1 · Pain"),
        PEOPLE: page.get_by_role("button", name="Send a test message").first,
        "?alert=1": page.get_by_alt_text("The camera's picture when it fired"),
    }
    for address, sign in shown.items():
        page.goto(f"{server.url}/alerts{address}")
        expect(sign).to_be_visible(timeout=PATIENCE_MS)
        widths = page.evaluate(
            "['body', '[data-testid=stMain]'].map(e => document.querySelector(e).scrollWidth)"
        )
        assert widths == [390, 390], address
    context.close()
    assert outside == []


def test_a_calm_face_and_stop_are_told_to_nobody(
    calm_camera: CalmCamera, server: RunningServer, api: LocalBotApi, anna: int
) -> None:
    time.sleep(max(0.0, calm_camera.began_s + CALM_FOR_S - time.monotonic()))
    press(calm_camera.page, "Stop")
    time.sleep(LOST_TOLD_AFTER_S + 2)
    assert len(api.from_bot(anna)) == calm_camera.told_before
    assert len(episodes(server)) == calm_camera.episodes_before


def test_pain_is_told_once_and_what_the_carer_answers_stands_on_the_page(
    playwright: Playwright, tmp_path: Path, server: RunningServer, api: LocalBotApi, anna: int
) -> None:
    before = len(api.from_bot(anna))
    with face(playwright, tmp_path, "pain") as context:
        live = live_page(context, server)
        alerts = context.new_page()
        alerts.goto(f"{server.url}/alerts")
        alert = api.wait_for(before + 1, anna)[-1]
        assert "May be in pain, please check." in alert.text
        assert list(alert.buttons) == ["Acknowledge", "Snooze 30 min", "False alarm"]

        picture = Image.open(io.BytesIO(alert.photo())).convert("RGB")
        image_bgr = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
        (found,) = build_detector(DetectorKind.HAAR_WITH_RESCUE, 60).detect(image_bgr)
        assert found.box.overlap(alert_coloured_box(picture)) > 0.5

        row = newest_row(alerts)
        expect(row).to_contain_text("Needs an answer", timeout=WITHIN_SECONDS_MS)
        query = api.press(anna, alert.message_id, "Acknowledge")
        expect(row).to_contain_text("Anna has taken it", timeout=WITHIN_SECONDS_MS)
        expect(row).not_to_contain_text("Needs an answer")
        eventually(lambda: "Anna has taken it." in now_reads(api, alert).text)
        assert now_reads(api, alert).buttons == {}
        assert "is yours" in str(api.answer_to(query))

        live.close()
        alert, lost = api.wait_for(before + 2, anna)[before:]
        assert "The camera sends no picture." in lost.text
        time.sleep(2)
        assert len(api.from_bot(anna)) == before + 2


def test_settings_and_episodes_outlive_the_server(browser: Browser, tmp_path: Path) -> None:
    record_yesterday(tmp_path / "data")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    rule = page.get_by_role("combobox", name=re.compile("Rule"))
    with running_server(tmp_path) as server:
        page.goto(f"{server.url}/alerts")
        rule.click(timeout=PATIENCE_MS)
        page.get_by_role("option", name="Pain, sensitive").click()
        expect(page.get_by_text("Tells after 3 seconds")).to_be_visible(timeout=PATIENCE_MS)
    with running_server(tmp_path) as server:
        page.goto(f"{server.url}/alerts")
        expect(newest_row(page)).to_contain_text("Ben has taken it", timeout=PATIENCE_MS)
        expect(page.get_by_text("Tells after 3 seconds")).to_be_visible(timeout=PATIENCE_MS)
    context.close()
