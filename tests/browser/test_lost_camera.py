"""STOP and every other end of a camera, told apart in a real browser."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from core.clock import SystemClock
from core.records.database import open_database
from core.records.recipient import ChannelKind
from core.records.stores import Recipients
from core.watching.logbook import Logbook
from tests.support.server import SOON_MISSED, RunningServer, running_server
from tests.support.waiting import eventually

PATIENCE_MS = 60_000

Step = Callable[[Page], object]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """With somebody who would be told."""
    with running_server(tmp_path_factory.mktemp("lost"), command=SOON_MISSED) as running:
        eventually(lambda: health(running)["database"] == "open")
        with closing(open_database(None, running.data_dir)) as database:
            Recipients(database, SystemClock()).add("Anna", ChannelKind.DRY_RUN, "anna")
        yield running


def health(server: RunningServer) -> dict[str, object]:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
        return dict(json.load(answer))


def streamer(page: Page) -> FrameLocator:
    return page.frame_locator('iframe[title^="streamlit_webrtc"]')


def press(page: Page, name: str) -> None:
    streamer(page).get_by_role("button", name=name, exact=True).click(timeout=PATIENCE_MS)


def watch(page: Page, server: RunningServer) -> None:
    """Until the camera has run for long enough to be missed."""
    press(page, "Start")
    expect(page.get_by_text(re.compile("One face is being read"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    logbook = Logbook(server.data_dir)
    eventually(lambda: len(logbook.read()) == 1)


def notice(page: Page) -> Locator:
    return page.get_by_text("Camera: the picture has stopped.")


def test_stop_is_on_purpose(page: Page, server: RunningServer) -> None:
    watch(page, server)
    press(page, "Stop")
    eventually(lambda: health(server)["cameras"] == 0)
    assert health(server)["lost_cameras"] == 0
    expect(notice(page)).to_have_count(0)


def leave(page: Page) -> None:
    page.get_by_role("link", name="Stills").click()
    expect(page.get_by_role("heading", name="Stills")).to_be_visible(timeout=PATIENCE_MS)


def come_back(page: Page) -> None:
    page.get_by_role("link", name="Live").click()


@pytest.mark.parametrize(
    ("end", "go_on"),
    [
        pytest.param(leave, come_back, id="another page"),
        pytest.param(lambda page: page.goto("about:blank"), Page.go_back, id="a closed page"),
        pytest.param(Page.reload, lambda page: None, id="a reload"),
    ],
)
def test_any_other_end_is_missed_until_start_is_pressed_again(
    page: Page,
    server: RunningServer,
    end: Callable[[Page], object],
    go_on: Callable[[Page], object],
) -> None:
    watch(page, server)
    end(page)
    eventually(lambda: health(server)["lost_cameras"] == 1)
    go_on(page)
    expect(notice(page)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Carers will be told in")).to_be_visible()
    press(page, "Start")
    expect(notice(page)).to_have_count(0, timeout=PATIENCE_MS)
    # the notice stands above the stream: its going must not end what has just begun
    expect(page.get_by_text(re.compile("One face is being read"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert health(server)["cameras"] == 1
    press(page, "Stop")
    eventually(lambda: health(server)["cameras"] == 0)
    assert health(server)["lost_cameras"] == 0


def test_somebody_says_that_it_was_on_purpose(page: Page, server: RunningServer) -> None:
    watch(page, server)
    page.reload()
    page.get_by_role("button", name="I stopped it on purpose").click(timeout=PATIENCE_MS)
    expect(notice(page)).to_have_count(0, timeout=PATIENCE_MS)
    assert health(server)["lost_cameras"] == 0
