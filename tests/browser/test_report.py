"""The printable report in the real browser: whole, on its own, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.downloads import SHOWN_HEADERS
from app.looking_back import looking_back_on
from app.timeline.report import WIDTH_PX, day_report_html
from core.records.camera_row import CameraRow
from core.records.database import open_database
from tests.support.clock import FakeClock
from tests.support.seconds import person, second

ADDRESS = "http://report.test/"
NOW_UTC = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    database = open_database(None, tmp_path_factory.mktemp("records"))
    records = looking_back_on(database, FakeClock(NOW_UTC))
    people = (person(1), person(2, happy=9000), person(3, happy=30000))
    records.seconds.add(CameraRow("a", "Kitchen"), [second(i, *people) for i in range(600)])
    for index in range(40):
        records.notes.add(NOW_UTC.replace(day=1, minute=index), f"Note {index}")
    made = day_report_html(date(2026, 1, 1), UTC, records, NOW_UTC)
    database.close()
    return made


@pytest.fixture
def report(browser: Browser, html: str) -> Iterator[Page]:
    """As the server sends it, in a browser that reaches nothing else."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    asked: list[str] = []
    context.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
    context.route(
        ADDRESS,
        lambda route: route.fulfill(body=html, content_type="text/html", headers=SHOWN_HEADERS),
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(ADDRESS)
    yield page
    context.close()
    assert asked == []
    assert complaints == []


def test_its_charts_are_drawn_with_nothing_from_elsewhere(report: Page) -> None:
    charts = report.locator(".chart .main-svg")
    expect(charts.first).to_be_visible()
    expect(report.locator(".chart")).to_have_count(2)
    for chart in report.locator(".chart .svg-container").all():
        assert chart.bounding_box()["width"] == WIDTH_PX
    expect(report.get_by_text("Neutral").first).to_be_visible()


def test_on_paper_nothing_is_cut_off_and_nothing_is_to_be_pressed(
    report: Page, tmp_path: Path
) -> None:
    expect(report.locator(".chart .main-svg").first).to_be_visible()
    expect(report.get_by_role("button", name="Print")).to_be_visible()
    report.emulate_media(media="print")
    expect(report.get_by_role("button", name="Print")).to_be_hidden()
    report.set_viewport_size({"width": WIDTH_PX, "height": 1000})
    assert report.evaluate("document.documentElement.scrollWidth") <= WIDTH_PX
    pdf = report.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    width, height = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()
    assert (round(float(width)), round(float(height))) == (595, 842)  # A4 portrait, in points
    assert 2 <= pdf.count(b"/Type /Page\n") <= 4


def test_it_is_light_also_for_those_who_like_it_dark(report: Page) -> None:
    report.emulate_media(color_scheme="dark")
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
