"""The Stills page without a browser: real pictures, real detectors, the shipped model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.composition import settings_store
from app.words import HONEST_LINE
from tests.support import pictures

_EXPLANATIONS = "stills-explanations"
PAGE = str(Path("pages/stills.py").resolve())


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as a new visitor of a new server finds it."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path))
    settings_store.cache_clear()
    yield AppTest.from_file(PAGE, default_timeout=60).run()
    settings_store.cache_clear()


def _drop(page: AppTest, *files: tuple[str, bytes]) -> None:
    for name, data in files:
        page.file_uploader[0].upload(name, data, "image/jpeg")
    page.run()
    assert not page.exception


def _said(page: AppTest) -> str:
    """Everything that stands on the page."""
    kinds = ("title", "subheader", "markdown", "caption", "warning", "info", "error")
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def test_an_empty_page_says_what_would_be_here(page: AppTest) -> None:
    assert not page.exception
    assert "Nothing here yet" in _said(page)
    assert HONEST_LINE in _said(page)
    assert len(page.get("plotly_chart")) == 0


def test_a_portrait_is_read_and_explained(page: AppTest) -> None:
    _drop(page, ("collins.jpg", pictures.portrait()))
    assert [heading.value for heading in page.main.subheader] == ["Face 1 looks happy", "All faces"]
    assert len(page.get("plotly_chart")) == 1
    assert len(page.get("image")) == 1
    assert "Good to read" in _said(page)
    row = page.dataframe[0].value.iloc[0]
    assert (row["Picture"], row["Face"], row["Expression"]) == ("collins.jpg", 1, "looks happy")


BAD = {
    "text renamed": ("diary.jpg", pictures.text(), "“diary.jpg” is not a picture"),
    "cut short": ("half.jpg", pictures.cut_short(), "“half.jpg” is damaged or incomplete"),
    "empty": ("nothing.png", b"", "“nothing.png” is empty"),
    "bomb": ("huge.png", pictures.bomb(), "“huge.png” is too large"),
    "nobody": ("view.png", pictures.landscape(), "No face was found in “view.png”"),
}


@pytest.mark.parametrize(("name", "data", "sentence"), BAD.values(), ids=BAD)
def test_a_picture_that_cannot_be_read_is_named_and_stops_no_other(
    page: AppTest, name: str, data: bytes, sentence: str
) -> None:
    _drop(page, (name, data), ("collins.jpg", pictures.portrait()))
    assert sentence in _said(page)
    assert list(page.dataframe[0].value["Picture"]) == ["collins.jpg"]


def test_many_problems_are_one_list(page: AppTest) -> None:
    _drop(page, *((name, data) for name, data, _ in BAD.values()))
    assert len(page.warning) == 0
    assert [expander.label for expander in page.expander] == ["5 pictures have no reading"]
    assert all(sentence in _said(page) for *_, sentence in BAD.values())


def test_each_face_can_be_looked_at(page: AppTest) -> None:
    _drop(page, ("two.webp", pictures.two_people()))
    assert "Face 1 looks happy" in _said(page)
    page.pills[0].set_value(2).run()
    assert "Face 2 looks happy" in _said(page)
    assert len(page.get("plotly_chart")) == 1


def _explain(page: AppTest) -> None:
    page.toggle(key="stills-explain").set_value(True).run()
    assert not page.exception


def test_what_the_model_looked_at_is_shown_when_asked_for(page: AppTest) -> None:
    _drop(page, ("collins.jpg", pictures.portrait()))
    assert len(page.get("image")) == 1
    assert _EXPLANATIONS not in page.session_state
    _explain(page)
    assert len(page.get("image")) == 2
    assert "How much each part speaks for “happy”" in _said(page)
    assert "lower half of the face: mouth and chin" in _said(page)
    page.toggle(key="stills-explain").set_value(False).run()
    assert len(page.get("image")) == 1


def test_each_face_is_explained_once_until_it_is_read_again(page: AppTest) -> None:
    _drop(page, ("two.webp", pictures.two_people()))
    _explain(page)
    first = dict(page.session_state[_EXPLANATIONS])
    page.pills[0].set_value(2).run()
    page.pills[0].set_value(1).run()
    both = dict(page.session_state[_EXPLANATIONS])
    assert [number for _, number in both] == [1, 2]
    assert both.items() >= first.items()
    page.selectbox(key="setting-detector").set_value("yunet").run()
    again = dict(page.session_state[_EXPLANATIONS])
    assert [number for _, number in again] == [1]
    assert list(again.values()) != list(first.values())


def test_an_explanation_leaves_with_its_picture(page: AppTest) -> None:
    _drop(page, ("collins.jpg", pictures.portrait()))
    _explain(page)
    next(button for button in page.button if button.label == "Remove all pictures").click().run()
    assert page.session_state[_EXPLANATIONS] == {}


def test_in_a_crowd_one_face_is_shown_at_a_time(page: AppTest) -> None:
    _drop(page, ("crowd.jpg", pictures.crowd()))
    assert len(page.dataframe[0].value) == 12
    page.selectbox(key=f"stills-face-{page.session_state['stills-picture']}").set_value(12).run()
    assert "Face 12 looks happy" in _said(page)
    assert len(page.get("plotly_chart")) == 1


def test_the_arrows_go_from_picture_to_picture(page: AppTest) -> None:
    _drop(page, ("a.jpg", pictures.portrait()), ("b.webp", pictures.two_people()))
    seen = [page.selectbox(key="stills-picture").value]
    for _ in range(2):
        next(b for b in page.button if b.label == "Next").click().run()
        seen.append(page.selectbox(key="stills-picture").value)
    assert seen[0] == seen[2] != seen[1]


def test_a_picture_that_comes_twice_is_shown_once(page: AppTest) -> None:
    _drop(
        page,
        ("a.jpg", pictures.portrait()),
        ("b.webp", pictures.two_people()),
        ("again.jpg", pictures.portrait()),
    )
    assert list(page.dataframe[0].value["Picture"]) == ["a.jpg", "b.webp", "b.webp"]


def test_a_file_taken_out_of_the_uploader_leaves_the_page(page: AppTest) -> None:
    _drop(page, ("a.jpg", pictures.portrait()), ("b.webp", pictures.two_people()))
    page.file_uploader[0].set_value([("b.webp", pictures.two_people(), "image/webp")]).run()
    assert not page.exception
    assert set(page.dataframe[0].value["Picture"]) == {"b.webp"}


def test_removing_all_empties_the_page(page: AppTest) -> None:
    _drop(page, ("a.jpg", pictures.portrait()), ("diary.jpg", pictures.text()))
    next(button for button in page.button if button.label == "Remove all pictures").click().run()
    assert "Nothing here yet" in _said(page)
    assert "diary" not in _said(page)


def test_another_detector_reads_the_pictures_again(page: AppTest) -> None:
    _drop(page, ("a.jpg", pictures.portrait()))
    before = page.dataframe[0].value["Across"].iloc[0]
    page.selectbox(key="setting-detector").set_value("haar").run()
    assert not page.exception
    assert page.dataframe[0].value["Across"].iloc[0] != before
    assert settings_store().current.detector == "haar"


def test_a_higher_confidence_asked_for_makes_it_unsure(page: AppTest) -> None:
    _drop(page, ("two.webp", pictures.two_people()))
    confidences = page.dataframe[0].value["Confidence"]
    page.slider(key="setting-sure_from").set_value(0.9).run()
    expected = ["looks happy" if share >= 90 else "not sure" for share in confidences]
    assert list(page.dataframe[0].value["Expression"]) == expected


def test_settings_outlive_the_visit(page: AppTest) -> None:
    page.slider(key="setting-sure_from").set_value(0.7).run()
    settings_store.cache_clear()
    assert AppTest.from_file(PAGE).run().slider(key="setting-sure_from").value == 0.7


def test_a_model_that_is_gone_is_replaced_and_said(page: AppTest, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"model": "gone"}')
    settings_store.cache_clear()
    page.run()
    assert not page.exception
    assert page.selectbox(key="setting-model").value == "mien7"
    assert "“gone” is not installed" in _said(page)


def test_spoilt_settings_are_said(page: AppTest, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    settings_store.cache_clear()
    page.run()
    assert "The saved settings could not be read" in page.sidebar.warning[0].value


def test_nothing_of_a_picture_is_written_to_disk(page: AppTest, tmp_path: Path) -> None:
    _drop(page, ("a.jpg", pictures.portrait()))
    assert list(tmp_path.rglob("*")) == []
