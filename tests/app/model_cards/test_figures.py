from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.model_cards.figures import figures_of, named, written
from core.expression.card import read_card
from tests.support.networks import edit_card, evaluation_of, install

LABELS = ("calm", "worried")


@pytest.mark.parametrize(
    ("figure", "value", "text"),
    [
        pytest.param("accuracy", 0.71524, "71.5%", id="share"),
        pytest.param("false_positive_rate_others", 0.031, "3.1%", id="rate"),
        pytest.param("macro_f1", 0.69557, "0.696", id="F1"),
        pytest.param("auc_rendered", 0.98123, "0.981", id="AUC"),
        pytest.param("tflite_ms_per_face", 0.925, "0.93 ms", id="time"),
        pytest.param("faces_rendered", 24000.0, "24,000", id="count"),
        pytest.param("gain", 1.2345, "1.23", id="above one"),
        pytest.param("accuracy_in_points", 71.5, "71.5", id="no share after all"),
    ],
)
def test_a_figure_has_the_precision_that_it_deserves(figure: str, value: float, text: str) -> None:
    assert written(figure, value) == text


@pytest.mark.parametrize(
    ("figure", "title"),
    [("ece", "Calibration error"), ("sadness_found", "Sadness found")],
    ids=["known", "unknown"],
)
def test_every_figure_has_a_name(figure: str, title: str) -> None:
    assert named(figure).title == title


def test_the_evaluation_is_more_exact_than_the_card_and_both_are_shown(tmp_path: Path) -> None:
    folder = install(tmp_path, "mine", LABELS)
    edit_card(folder, figures={"accuracy": 0.9, "accuracy_keras": 0.91})
    figures = figures_of(read_card(folder), evaluation_of(LABELS, [[7, 1], [0, 8]], wobble=2.0))
    assert figures["accuracy"] == 15 / 16
    assert figures["accuracy_keras"] == 0.91
    assert figures["wobble"] == 2.0
    assert "accuracy_without_twins" not in figures


def test_a_time_that_nobody_measured_is_not_shown_as_none(tmp_path: Path) -> None:
    card = read_card(install(tmp_path, "mine", LABELS))
    untimed = replace(evaluation_of(LABELS), tflite_ms_per_face=0.0)
    assert "tflite_ms_per_face" not in figures_of(card, untimed)


def test_without_an_evaluation_the_card_tells(tmp_path: Path) -> None:
    folder = install(tmp_path, "mine", LABELS)
    edit_card(folder, figures={"accuracy": 0.9})
    assert figures_of(read_card(folder), None) == {"accuracy": 0.9}
