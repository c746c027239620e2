"""Stills as a person uses it: the real server, a browser, files good and bad."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.palette import swatch
from core.expression.labels import FER7
from tests.support import pictures

READ_WITHIN_MS = 60_000
FILES = {
    "collins.jpg": pictures.portrait,
    "two people.webp": pictures.two_people,
    "view.png": pictures.landscape,
    "diary.jpg": pictures.text,
    "half.jpg": pictures.cut_short,
    "=huge.png": pictures.bomb,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files to upload, on disk."""
    folder = tmp_path_factory.mktemp("pictures")
    for name, make in FILES.items():
        (folder / name).write_bytes(make())
    return {name: folder / name for name in FILES}


@pytest.fixture
def stills(page: Page) -> Page:
    """The Stills page, reached as a visitor reaches it."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Stills").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    return page


def _drop(stills: Page, *paths: Path) -> None:
    stills.locator("input[type=file]").set_input_files(list(paths))
    expect(stills.get_by_role("heading", name="All faces")).to_be_visible(timeout=READ_WITHIN_MS)


def _bars(stills: Page) -> Locator:
    return stills.get_by_test_id("stPlotlyChart")


def test_a_batch_with_bad_files_is_read_and_explained(stills: Page, files: dict[str, Path]) -> None:
    _drop(stills, *files.values())

    expect(stills.get_by_role("heading", name="Face 1 looks happy")).to_be_visible()
    bars = _bars(stills)
    for label in FER7:
        expect(bars).to_contain_text(swatch(label).title)
    shares = [float(text.rstrip("%")) for text in bars.locator("text.bartext").all_text_contents()]
    assert len(shares) == len(FER7)
    assert sum(shares) == pytest.approx(100, abs=4)
    assert shares[FER7.index("happy")] == max(shares)

    for sentence in (
        "“diary.jpg” is not a picture",
        "“half.jpg” is damaged or incomplete",
        "“=huge.png” is too large",
        "No face was found in “view.png”",
    ):
        expect(stills.get_by_text(sentence)).to_be_visible()
    expect(stills.get_by_text("6 pictures, 3 faces")).to_be_visible()


def test_the_next_picture_and_another_face(stills: Page, files: dict[str, Path]) -> None:
    _drop(stills, files["collins.jpg"], files["two people.webp"])
    stills.get_by_role("button", name="Next").click()
    expect(stills.get_by_role("img", name="two people.webp, 2 faces marked")).to_be_visible()
    stills.get_by_role("radio", name="2", exact=True).click()
    expect(stills.get_by_role("heading", name="Face 2 looks happy")).to_be_visible()
    expect(_bars(stills)).to_have_count(1)


def test_what_the_model_looked_at_stays_on_from_face_to_face(
    stills: Page, files: dict[str, Path]
) -> None:
    _drop(stills, files["two people.webp"])
    toggle = stills.get_by_text("Show what the model looked at")
    expect(stills.get_by_text("How much each part speaks")).to_have_count(0)
    toggle.click()
    for number in (1, 2):
        stills.get_by_role("radio", name=str(number), exact=True).click()
        heat = stills.get_by_role("img", name=f"Face {number}. ")
        expect(heat).to_be_visible(timeout=READ_WITHIN_MS)
        assert heat.evaluate("image => image.naturalWidth") == 480
    expect(stills.get_by_text("How much each part speaks for “happy”")).to_be_visible()
    toggle.click()
    expect(stills.get_by_text("How much each part speaks")).to_have_count(0)


def test_a_row_of_the_table_leads_to_its_face(stills: Page, files: dict[str, Path]) -> None:
    _drop(stills, files["collins.jpg"], files["two people.webp"])
    # The table is one canvas: the third row's tick box, below the header.
    stills.get_by_test_id("stDataFrame").locator(".dvn-scroller").click(
        position={"x": 22, "y": 35 * 3 + 17}
    )
    expect(stills.get_by_role("heading", name="Face 2 looks happy")).to_be_visible()
    expect(stills.get_by_role("img", name="two people.webp, 2 faces marked")).to_be_visible()


def test_downloads_hold_what_the_page_shows(stills: Page, files: dict[str, Path]) -> None:
    _drop(stills, files["collins.jpg"], files["=huge.png"])

    with stills.expect_download() as download:
        stills.get_by_role("button", name="Annotated picture").click()
    assert download.value.suggested_filename == "collins-read.jpg"
    with Image.open(download.value.path()) as picture, Image.open(files["collins.jpg"]) as original:
        assert picture.format == "JPEG"
        assert picture.size == original.size
        pixels = {picture.convert("RGB").getpixel((x, 120)) for x in range(picture.width)}
    red, green, blue = swatch("happy").colour_rgb
    # JPEG softens the box's line
    assert min(abs(r - red) + abs(g - green) + abs(b - blue) for r, g, b in pixels) < 90

    with stills.expect_download() as download:
        stills.get_by_role("button", name="All faces as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["picture"], row["face"]) for row in rows] == [
        ("collins.jpg", "1"),
        ("'=huge.png", ""),
    ]
    assert rows[0]["looks"] == "looks happy"
    assert sum(float(rows[0][f"p_{label}"]) for label in FER7) == pytest.approx(1, abs=0.001)


def test_pictures_are_still_there_after_a_look_at_another_page(
    stills: Page, files: dict[str, Path]
) -> None:
    _drop(stills, files["collins.jpg"])
    links = stills.get_by_test_id("stSidebarNavLink")
    links.filter(has_text="Live").click()
    streamer = stills.frame_locator('iframe[title^="streamlit_webrtc"]')
    # Trap: while Live is still being built, a component's own rerun may overtake the next click.
    expect(streamer.get_by_role("button", name="Start", exact=True)).to_be_visible(
        timeout=READ_WITHIN_MS
    )
    app = stills.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=READ_WITHIN_MS)
    links.filter(has_text="Stills").click()
    expect(stills.get_by_role("heading", name="Face 1 looks happy")).to_be_visible(
        timeout=READ_WITHIN_MS
    )


def test_a_file_that_is_too_large_is_refused_beside_the_others(
    stills: Page, files: dict[str, Path], tmp_path: Path
) -> None:
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(51 * 1024 * 1024))
    _drop(stills, files["collins.jpg"], large)
    expect(stills.get_by_role("alert").get_by_text("50.0MB or smaller")).to_have_count(1)
    expect(stills.get_by_text("A file marked in red is larger")).to_be_visible()
    expect(stills.get_by_role("heading", name="Face 1 looks happy")).to_be_visible()


def test_a_file_name_is_text_and_nothing_else(stills: Page) -> None:
    # The page fixture fails this test if the name makes the browser ask another host.
    name = "![x](http:127.0.0.1:9) **b** :smile:.jpg"
    payload = {"name": name, "mimeType": "image/jpeg", "buffer": pictures.text()}
    stills.locator("input[type=file]").set_input_files([payload])  # type: ignore[list-item]
    expect(stills.get_by_text(f"“{name}” is not a picture")).to_be_visible()
