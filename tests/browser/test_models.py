"""Models as a person uses it: look at one, choose it, and see Live read with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.expression.registry import DEFAULT_MODEL
from tests.support.networks import evaluation_of, install, measure, remember
from tests.support.server import ROOT, RunningServer, running_server

LABELS = ("calm", "worried")
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with the shipped model, one of somebody's own, and one that was tampered with."""
    folder = tmp_path_factory.mktemp("server")
    models = folder / "models"
    shutil.copytree(ROOT / "models" / DEFAULT_MODEL, models / DEFAULT_MODEL)
    own = install(models, "own", LABELS, title="Grandmother's moods")
    measure(own, evaluation_of(LABELS))
    remember(own, [{"loss": 2.0, "accuracy": 0.4}, {"loss": 1.0, "accuracy": 0.6}])
    (install(models, "bad", LABELS) / "model.tflite").write_bytes(b"something else")
    with running_server(folder, {"MIEN_MODELS_DIR": str(models)}) as running:
        yield running


def open_models(page: Page) -> None:
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Models").click()
    expect(page.get_by_role("heading", name="Models", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )


def test_live_reads_with_the_model_that_was_chosen_here(page: Page) -> None:
    open_models(page)
    expect(page.get_by_text("the model “bad” is not the one")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("radio", name="Grandmother's moods").click(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="Grandmother's moods")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Use on Live and Stills").click()
    expect(page.get_by_text("In use on Live and Stills")).to_be_visible(timeout=PATIENCE_MS)

    page.get_by_test_id("stSidebarNavLink").filter(has_text="Live").click()
    start = page.frame_locator('iframe[title^="streamlit_webrtc"]').get_by_role(
        "button", name="Start", exact=True
    )
    start.click(timeout=PATIENCE_MS)
    bars = page.get_by_role("listitem")
    expect(bars.filter(has_text="Worried")).to_be_visible(timeout=PATIENCE_MS)
    expect(bars.filter(has_text="Happy")).to_have_count(0)


def test_pointing_at_a_cell_tells_it_in_words(page: Page) -> None:
    open_models(page)
    page.get_by_role("radio", name="Grandmother's moods").click(timeout=PATIENCE_MS)
    matrix = page.get_by_test_id("stPlotlyChart").first
    expect(matrix.locator(".textpoint")).to_have_count(len(LABELS) ** 2, timeout=PATIENCE_MS)
    matrix.locator(".textpoint").nth(2).hover(force=True)
    expect(matrix.locator(".hoverlayer")).to_contain_text(
        "of 10 labelled worried, 1 read as calm (10%)", timeout=PATIENCE_MS
    )


def test_on_a_phone_nothing_scrolls_sideways(browser: Browser, server: RunningServer) -> None:
    context = browser.new_context(base_url=server.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/models")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(4, timeout=PATIENCE_MS)
    widths = page.get_by_test_id("stMain").evaluate("main => [main.scrollWidth, main.clientWidth]")
    context.close()
    assert widths[0] <= widths[1] <= 390
