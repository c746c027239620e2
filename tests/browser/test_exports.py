"""What is taken away through the real browser, and erased."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NothingInTime

from core.clock import SystemClock
from core.monitoring.second import Second
from core.records.camera_row import CameraRow
from core.records.database import open_database
from core.records.second_store import SecondStore
from tests.support.live_page import PATIENCE_MS
from tests.support.seconds import person
from tests.support.server import RunningServer, running_server

SECONDS = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """In the place of every test file's own: one that saw somebody for five minutes."""
    folder = tmp_path_factory.mktemp("exports")
    _record(folder / "data", SystemClock().now_utc() - timedelta(minutes=20))
    with running_server(folder) as running:
        yield running


def _record(data_dir: Path, began_utc: datetime) -> None:
    data_dir.mkdir()
    with closing(open_database(None, data_dir)) as database:
        SecondStore(database).add(
            CameraRow("kitchen", "Kitchen", "mien7"),
            [
                Second(5.0 + i, began_utc + timedelta(seconds=i + 1), 9, 1, 99.0, 2.0, (person(),))
                for i in range(SECONDS)
            ],
        )


def _open(page: Page, tab: str) -> None:
    page.goto("/timeline?time=1h")
    page.get_by_role("tab", name=tab).click(timeout=PATIENCE_MS)


def _saved(page: Page, button: str, link: str) -> Path:
    page.get_by_role("button", name=button, exact=True).click(timeout=PATIENCE_MS)
    saves = page.get_by_role("link", name=link)
    expect(saves).to_be_visible(timeout=PATIENCE_MS)
    address = page.url
    with page.expect_download() as download:
        saves.click()
    assert page.url == address
    return download.value.path()


def _choose(page: Page, place: str, name: str) -> None:
    """The page runs anew once the file was written, and that closes a list that is open."""
    option = page.get_by_role("option", name=name)
    for _ in range(5):
        page.locator(place).click()
        with suppress(NothingInTime):
            option.click(timeout=3000)
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"{name} could not be chosen")


def test_a_table_is_saved_without_leaving_the_page(page: Page) -> None:
    _open(page, "Take away")
    saved = _saved(page, "CSV", "Save the CSV file")
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == SECONDS
    assert {row["source"] for row in rows} == {"Kitchen"}


def test_the_report_of_the_day_opens_beside_the_page(page: Page) -> None:
    _open(page, "Take away")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the report").click(timeout=PATIENCE_MS)
    report = opened.value
    expect(report.get_by_text("Day report by Mien")).to_be_visible(timeout=PATIENCE_MS)
    expect(report.locator(".chart .main-svg").first).to_be_visible(timeout=PATIENCE_MS)
    assert report.evaluate("window.origin") == "null"  # it has no rights on this server


def test_everything_is_saved_and_what_is_erased_is_gone(page: Page, server: RunningServer) -> None:
    _open(page, "What is kept")
    saved = _saved(page, "Export everything", "Save the zip file")
    assert "readings.parquet" in ZipFile(saved).namelist()
    _choose(page, ".st-key-erasing-session input", "Kitchen")
    page.get_by_role("button", name="Erase …").click(timeout=PATIENCE_MS)
    expect(page.get_by_text("5 min of readings")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Erase for good").click()
    # that was all there was: the page begins anew
    expect(page.get_by_text("Nothing was seen yet")).to_be_visible(timeout=PATIENCE_MS)
    files = [path for path in (server.data_dir / "work").rglob("*") if path.suffix == ".zip"]
    assert files == []
