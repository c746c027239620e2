"""The Teach page without a browser: real pictures, real detectors, the shipped network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import composition
from app.composition import settings_store
from app.words import HONEST_LINE
from core.expression.registry import DEFAULT_MODEL, load_classifier
from tests.support import pictures
from tests.support.expressions import posed

PAGE = str(Path("pages/teach.py").resolve())
SHIPPED = composition.MODELS_ROOT / DEFAULT_MODEL


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models to write into, with the shipped one."""
    root = tmp_path / "models"
    shutil.copytree(SHIPPED, root / DEFAULT_MODEL)
    monkeypatch.setattr(composition, "MODELS_ROOT", root)
    return root


@pytest.fixture
def page(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page as a new visitor of a new server finds it."""
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path / "data"))
    settings_store.cache_clear()
    yield AppTest.from_file(PAGE, default_timeout=150).run()
    settings_store.cache_clear()


def _drop(page: AppTest, label: str, *files: tuple[str, bytes]) -> None:
    page.pills(key="teach-label").set_value(label).run()
    for name, data in files:
        page.file_uploader[0].upload(name, data, "image/jpeg")
    page.run()
    assert not page.exception


def _said(page: AppTest) -> str:
    """Everything that stands on the page."""
    kinds = ("title", "subheader", "markdown", "caption", "warning", "info", "error")
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def _teach_button(page: AppTest) -> object:
    return next(button for button in page.button if button.label == "Teach")


def test_an_empty_page_says_what_to_do_and_what_is_kept(page: AppTest) -> None:
    assert not page.exception
    said = _said(page)
    assert "not written to disk" in said
    assert "Ask the person" in said
    assert "No picture of “neutral” yet" in said
    assert "at least 5 pictures first" in said
    assert HONEST_LINE in said
    assert _teach_button(page).disabled


def test_taught_used_and_deleted(page: AppTest, models: Path) -> None:
    page.multiselect(key="teach-labels").set_value(["happy", "neutral"]).run()
    for label in ("happy", "neutral"):
        _drop(page, label, *((f"{label}{seed}.jpg", posed(label, seed)) for seed in range(5)))
    page.text_input(key="teach-title").set_value("Eileen").run()
    _press(page, "Teach")

    assert "Eileen" in _said(page)
    assert "unseen pictures as you sorted them" in _said(page)
    assert "| Neutral |" in _said(page)
    assert load_classifier("eileen", models).labels == ("happy", "neutral")
    assert not [path for path in models.rglob("*") if path.suffix in {".jpg", ".png"}]

    _press(page, "Use it")
    assert settings_store().current.model == "eileen"
    assert "Use it" not in [button.label for button in page.button]

    _press(page, "Teach")
    assert "There is a model “eileen” already" in page.error[0].value

    _press(page, "Yes, delete it")
    assert settings_store().current.model == DEFAULT_MODEL
    assert [path.name for path in models.iterdir()] == [DEFAULT_MODEL]


def test_bad_pictures_are_named_and_stop_no_other(page: AppTest) -> None:
    _drop(page, "happy", ("a.jpg", posed("happy", 0)))
    _drop(
        page,
        "pain",
        ("diary.jpg", pictures.text()),
        ("view.png", pictures.landscape()),
        ("b.jpg", posed("pain", 0)),
        ("a again.jpg", posed("happy", 0)),
    )
    said = _said(page)
    assert "“diary.jpg” is not a picture" in said
    assert "No face was found in “view.png”" in said
    assert "“a again.jpg” is also under “happy”" in said
    assert "1 face of “pain”" in said


def test_many_bad_pictures_are_one_list(page: AppTest) -> None:
    _drop(page, "happy", *((f"{n}.jpg", pictures.text() + bytes([n])) for n in range(5)))
    assert len(page.warning) == 0
    assert [expander.label for expander in page.expander] == ["5 pictures were left out"]


def test_a_picture_with_several_faces_says_which_was_taken(page: AppTest) -> None:
    _drop(page, "happy", ("two.webp", pictures.two_people()))
    assert "2 faces; the largest was taken" in _said(page)


def test_a_picture_is_taken_out(page: AppTest) -> None:
    _drop(page, "happy", ("a.jpg", posed("happy", 0)), ("b.jpg", posed("happy", 1)))
    assert "2 faces of “happy”" in _said(page)
    _press(page, "Take out")
    assert "1 face of “happy”" in _said(page)
    _press(page, "Remove all pictures, of every expression")
    assert "No picture of “happy” yet" in _said(page)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        pytest.param(["happy"], "At least two expressions", id="one"),
        pytest.param(["happy", "<b>"], "cannot be the name", id="no word"),
        pytest.param(["happy", "Happy"], "stands twice", id="twice"),
    ],
)
def test_labels_that_cannot_be_taught(page: AppTest, labels: list[str], said: str) -> None:
    page.multiselect(key="teach-labels").set_value(labels).run()
    assert said in page.warning[0].value
    assert "Teach" not in [button.label for button in page.button]


def test_a_label_of_ones_own(page: AppTest) -> None:
    page.multiselect(key="teach-labels").set_value(["calm", "Worried"]).run()
    assert not page.warning
    assert [option.split(" ")[1] for option in page.pills(key="teach-label").options] == [
        "Calm",
        "Worried",
    ]


def test_without_a_model_to_build_on_it_says_so(page: AppTest, models: Path) -> None:
    shutil.rmtree(models / DEFAULT_MODEL)
    page.run()
    assert not page.exception
    assert "No installed model can be built on" in page.warning[0].value
