"""Headless Chromium for the tests that look at the real page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from deploy.chromium import MISSING, find_chromium
from tests.support.chromium import chromium_with_camera, record_outside_requests
from tests.support.server import RunningServer

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives a browser; where Chromium is absent it is skipped by name, never in CI."""
    # MIEN_TESTS_COMPLETE is what `make test` sets: nothing may be skipped there.
    may_skip = not (os.environ.get("CI") or os.environ.get("MIEN_TESTS_COMPLETE"))
    absent = find_chromium() is None
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)
            if absent and may_skip:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Its event loop holds this thread: no `asyncio.run` in the same file."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright, fake_camera: Path) -> Iterator[Browser]:
    """Chromium with a face before its camera, which every page may use.

    A test that needs another picture or a refusal opens `chromium_with_camera` itself.
    """
    with chromium_with_camera(playwright, fake_camera) as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """A fresh page on the dashboard; its test fails if it asked any other host for anything."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900})
    outside = record_outside_requests(context, server.url)
    opened = context.new_page()
    opened.goto("/")
    yield opened
    context.close()
    assert outside == []
