"""Teaching as a person does it: the real server, a browser, files and a camera."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.expression.registry import DEFAULT_MODEL
from tests.support.expressions import posed
from tests.support.server import ROOT, RunningServer, running_server

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The real server with a folder of models of its own, into which the page may write."""
    folder = tmp_path_factory.mktemp("teach")
    models = folder / "models"
    shutil.copytree(ROOT / "models" / DEFAULT_MODEL, models / DEFAULT_MODEL)
    with running_server(folder, {"MIEN_MODELS_DIR": str(models)}) as running:
        yield running


@pytest.fixture
def teach(page: Page) -> Page:
    """The page, reached as a visitor reaches it."""
    page.set_default_timeout(PATIENCE_MS)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Teach it a face").click()
    expect(page.get_by_role("heading", name="Teach it a face")).to_be_visible(timeout=PATIENCE_MS)
    return page


def _choose(teach: Page, label: str) -> None:
    teach.get_by_role("radio", name=label).click()
    expect(teach.get_by_text(f"Pictures for “{label.lower()}”")).to_be_visible()


def _photograph(teach: Page, faces: int) -> None:
    """Takes pictures until there are enough.

    The fake camera's film starts anew with each, so the same picture may come twice.
    """
    for number in range(1, 4 * faces):
        teach.wait_for_timeout(150 * number)
        teach.get_by_role("button", name="Take photo").click()
        taken = teach.get_by_alt_text(f"Face in Camera {number}", exact=True)
        left_out = teach.get_by_text(f"“Camera {number}” is there already")
        expect(taken.or_(left_out)).to_be_visible(timeout=PATIENCE_MS)
        if teach.get_by_text(f"{faces} faces of").count():
            return
    raise AssertionError(f"The camera did not give {faces} pictures.")


def test_from_files_and_camera_to_the_model_in_use(teach: Page, tmp_path: Path) -> None:
    teach.get_by_role("button", name="Remove pain").click()
    expect(teach.get_by_role("radio", name="Pain")).to_have_count(0)

    _choose(teach, "Neutral")
    files = []
    for seed in range(5):
        files.append(tmp_path / f"neutral{seed}.jpg")
        files[-1].write_bytes(posed("neutral", seed))
    teach.locator("input[type=file]").set_input_files(files)
    expect(teach.get_by_text("5 faces of “neutral”")).to_be_visible(timeout=PATIENCE_MS)

    _choose(teach, "Happy")
    teach.get_by_role("radio", name="Camera").click()
    _photograph(teach, 5)

    name = teach.get_by_role("textbox", name="Name of the new model")
    name.fill("Eileen")
    teach.get_by_role("button", name="Teach", exact=True).click()
    expect(teach.get_by_text("of 10 unseen pictures")).to_be_visible(timeout=PATIENCE_MS)

    teach.get_by_role("button", name="Use it").click()
    expect(teach.get_by_text("In use on Live and Stills")).to_be_visible()
    teach.get_by_test_id("stSidebarNavLink").filter(has_text="Stills").click()
    expect(teach.get_by_text("Nothing here yet")).to_be_visible(timeout=PATIENCE_MS)
    teach.locator("input[type=file]").set_input_files(files[0])
    expect(teach.get_by_role("heading", name="Face 1 looks neutral")).to_be_visible(
        timeout=PATIENCE_MS
    )

    teach.get_by_test_id("stSidebarNavLink").filter(has_text="Teach it a face").click()
    expect(teach.get_by_text("5 faces of")).to_be_visible(timeout=PATIENCE_MS)  # still there
    teach.get_by_role("button", name="Delete it").click()
    teach.get_by_role("button", name="Yes, delete it").click()
    expect(teach.get_by_text("Taught so far")).to_have_count(0, timeout=PATIENCE_MS)
