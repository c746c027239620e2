"""The Models page without a browser: models good and bad, and the choice of the one in use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import composition
from app.composition import settings_store
from app.model_cards import page as page_module
from core.expression.card import CARD_FILE
from core.expression.evaluation import CROSS_VALIDATION, EVALUATION_FILE
from core.expression.learning import HISTORY_FILE
from tests.support.networks import edit_card, evaluation_of, install, measure, remember

PAGE = str(Path("pages/models.py").resolve())
STILLS = str(Path("pages/stills.py").resolve())
LABELS = ("calm", "worried", "tired")
TWENTY = tuple(f"mood {number}" for number in range(20))
HISTORY = [{"loss": 2.0, "accuracy": 0.3}, {"loss": 1.0, "accuracy": 0.5, "val_accuracy": 0.4}]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server with one model that is whole: “good”."""
    root = tmp_path / "models"
    root.mkdir()
    complete(root, "good")
    for module in (composition, page_module):
        monkeypatch.setattr(module, "MODELS_ROOT", root)
    monkeypatch.setenv("MIEN_DATA_DIR", str(tmp_path / "data"))
    settings_store.cache_clear()
    return root


def complete(root: Path, name: str, labels: tuple[str, ...] = LABELS, **figures: float) -> Path:
    folder = install(root, name, labels)
    measure(folder, evaluation_of(labels, **figures))
    remember(folder, HISTORY)
    return folder


def opened(script: str = PAGE) -> AppTest:
    page = AppTest.from_file(script, default_timeout=60).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    """Everything that stands on the page, without the signs that keep Markdown plain."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "error")
    text = "\n".join(element.value for kind in kinds for element in page.get(kind))
    return text.replace("\\", "")


def charts(page: AppTest) -> int:
    return len(page.get("plotly_chart"))


def test_a_model_alone_is_shown_whole(models: Path) -> None:
    page = opened()
    assert [heading.value for heading in page.header] == ["Model good"]
    assert list(page.dataframe[0].value["Model"]) == ["Model good"]
    assert charts(page) == 4  # confusion, calibration, accuracy, loss
    assert len(page.pills) == 0
    text = said(page)
    for sentence in ("It knows nothing.", "Noise.", "Nobody's.", "30 faces, PrivateTest"):
        assert sentence in text
    assert "Finds 90% of the 10 faces labelled worried; takes 10% of them for calm" in text


def test_a_confusion_matrix_shows_shares_or_counts(models: Path) -> None:
    page = opened()
    page.segmented_control[0].set_value("Counts").run()
    assert not page.exception
    assert page.segmented_control[0].value == "Counts"


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "tampered TFLite": (
        lambda folder: (folder / "model.tflite").write_bytes(b"another network"),
        "The file model.tflite of the model “bad” is not the one that its card describes",
    ),
    "tampered Keras file": (
        lambda folder: (folder / "model.keras").write_bytes(b"code"),
        "The file model.keras of the model “bad” is not the one that its card describes",
    ),
    "card edited by hand": (
        lambda folder: edit_card(folder, labels=["calm", "worried"]),
        "“bad” does not have the shape that its card describes",
    ),
    "card cut short": (
        lambda folder: (folder / CARD_FILE).write_text("{"),
        "The card of the model “bad” cannot be read",
    ),
    "no card": (lambda folder: (folder / CARD_FILE).unlink(), "The model “bad” has no card"),
}


@pytest.mark.parametrize(("spoil", "sentence"), BAD.values(), ids=BAD)
def test_a_bad_model_is_refused_with_a_sentence_and_the_others_work(
    models: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(complete(models, "bad"))
    page = opened()
    assert sentence in said(page)
    assert list(page.dataframe[0].value["Model"]) == ["Model good"]
    assert charts(page) == 4


def test_many_bad_models_do_not_push_the_page_away(models: Path) -> None:
    for number in range(5):
        (complete(models, f"bad{number}") / CARD_FILE).write_text("{")
    page = opened()
    assert len(page.warning) == 3
    assert "2 more folders cannot be used" in [expander.label for expander in page.expander]


LESS: dict[str, tuple[Callable[[Path], object], str, int]] = {
    "no evaluation": (
        lambda folder: (folder / EVALUATION_FILE).unlink(),
        "Not measured yet.",
        2,
    ),
    "spoilt evaluation": (
        lambda folder: (folder / EVALUATION_FILE).write_text("{"),
        "The evaluation of the model “good” cannot be read",
        2,
    ),
    "evaluation of other labels": (
        lambda folder: measure(folder, evaluation_of(("a", "b", "c"))),
        "The evaluation of the model “good” cannot be read",
        2,
    ),
    "no history": (lambda folder: (folder / HISTORY_FILE).unlink(), "No learning curves.", 2),
    "spoilt history": (
        lambda folder: (folder / HISTORY_FILE).write_text("[]"),
        "The learning history of the model “good” cannot be read",
        2,
    ),
    "spoilt contact sheet": (
        lambda folder: (folder / "contact_sheet.jpg").write_bytes(b"no picture"),
        "“contact_sheet.jpg” is not a picture",
        4,
    ),
}


@pytest.mark.parametrize(("spoil", "sentence", "left"), LESS.values(), ids=LESS)
def test_what_is_missing_is_said_and_the_rest_is_shown(
    models: Path, spoil: Callable[[Path], object], sentence: str, left: int
) -> None:
    spoil(models / "good")
    page = opened()
    assert sentence in said(page)
    assert charts(page) == left
    assert [heading.value for heading in page.header] == ["Model good"]


def test_without_any_model_the_page_says_how_to_get_one(models: Path) -> None:
    shutil.rmtree(models / "good")
    page = opened()
    assert "No model is installed" in said(page)
    assert "core.training publish" in said(page)
    assert len(page.dataframe) == 0


def test_twenty_labels_of_somebodys_own(models: Path) -> None:
    complete(models, "own", TWENTY)
    page = opened()
    page.pills[0].set_value("own").run()
    assert not page.exception
    assert [heading.value for heading in page.header] == ["Model own"]
    assert charts(page) == 4
    assert "Mood 19" in said(page)


def test_figures_that_nobody_named_are_shown_all_the_same(models: Path) -> None:
    complete(models, "pain", auc_rendered=0.9812, false_positive_rate_others=0.031, wobble=0.5)
    page = opened()
    page.pills[0].set_value("pain").run()
    figures = next(table.value for table in page.dataframe if "Figure" in table.value)
    shown = dict(zip(figures["Figure"], figures["Value"], strict=True))
    assert shown["Pain told apart, rendered faces"] == "0.981"
    assert shown["Other faces called pain"] == "3.1%"
    assert shown["Wobble"] == "0.500"


def test_a_label_that_no_test_face_carries_is_said(models: Path) -> None:
    unmet = evaluation_of(LABELS, [[8, 1, 1], [1, 8, 1], [0, 0, 0]])
    measure(models / "good", replace(unmet, accuracy=0.9))
    text = said(opened())
    assert "Not measured on: tired. No test face is labelled so." in text
    assert "80.0% of these faces are read as labelled" in text


def test_what_was_cross_validated_does_not_stand_beside_what_was_tested(models: Path) -> None:
    taught = install(models, "taught", LABELS)
    measure(taught, replace(evaluation_of(LABELS), split=CROSS_VALIDATION))
    table = opened().dataframe[0].value.set_index("Model")
    own = table.loc["Model taught"]
    assert own["Cross-validated"] == pytest.approx(93.33, abs=0.01)
    assert own[["Accuracy", "Without twins", "Macro-F1", "Calibration error"]].isna().all()
    tested = table.loc["Model good"]
    assert tested["Accuracy"] == pytest.approx(93.33, abs=0.01)
    assert np.isnan(tested["Cross-validated"])


def test_a_contact_sheet_is_shown_where_there_is_one(models: Path) -> None:
    assert len(opened().get("image")) == 0
    _, jpeg = cv2.imencode(".jpg", np.full((40, 60, 3), 128, np.uint8))
    (models / "good" / "contact_sheet.jpg").write_bytes(jpeg.tobytes())
    assert len(opened().get("image")) == 1


def test_two_models_side_by_side(models: Path) -> None:
    complete(models, "other")
    page = opened()
    page.selectbox(key="models-beside").select("other").run()
    assert not page.exception
    assert [heading.value for heading in page.header] == ["Model good", "Model other"]
    assert charts(page) == 8


def test_models_that_share_a_title_are_told_apart(models: Path) -> None:
    install(models, "twin", LABELS, title="Model good")
    page = opened()
    assert list(page.dataframe[0].value["Model"]) == ["Model good (good)", "Model good (twin)"]


def test_more_models_than_pills_are_chosen_from_a_list(models: Path) -> None:
    for number in range(page_module.MOST_PILLS):
        install(models, f"m{number}", LABELS)
    page = opened()
    assert len(page.pills) == 0
    page.selectbox(key="models-open").select("m3").run()
    assert [heading.value for heading in page.header] == ["Model m3"]


def test_the_model_chosen_here_is_kept_and_used_by_the_other_pages(models: Path) -> None:
    complete(models, "other")
    page = opened()
    page.pills[0].set_value("other").run()
    page.button(key="models-use-other").click().run()
    assert not page.exception
    assert "In use on Live and Stills" in said(page)
    settings_store.cache_clear()  # as after a restart
    assert settings_store().current.model == "other"
    assert opened(STILLS).selectbox(key="setting-model").value == "other"


GONE: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (shutil.rmtree, "“other” is not installed"),
    "tampered": (
        lambda folder: (folder / "model.tflite").write_bytes(b"junk"),
        "The file model.tflite of the model “other” is not the one",
    ),
}


@pytest.mark.parametrize(("lose", "reason"), GONE.values(), ids=GONE)
def test_a_chosen_model_that_is_gone_is_replaced_and_said_on_every_page(
    models: Path, lose: Callable[[Path], object], reason: str
) -> None:
    folder = complete(models, "other")
    opened()
    page = opened()
    page.pills[0].set_value("other").run()
    page.button(key="models-use-other").click().run()
    lose(folder)
    page = opened()
    assert reason in said(page)
    assert "“good” is used instead" in said(page)
    stills = opened(STILLS)
    assert reason in said(stills)
    assert stills.selectbox(key="setting-model").value == "good"
    assert settings_store().current.model == "other"  # it counts again when it is back


def test_a_name_is_text_and_nothing_else(models: Path) -> None:
    edit_card(
        models / "good",
        title="![x](http://127.0.0.1:9/a.png)",
        limits=["[y](http://127.0.0.1:9) $x$"],
    )
    page = opened()
    assert page.header[0].value == r"\!\[x\]\(http\://127.0.0.1\:9/a.png\)"
    assert any(r"\[y\]\(http" in element.value for element in page.markdown)
