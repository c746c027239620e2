"""What was measured: written and read by the same schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import ModelError
from core.expression.card import read_card
from core.expression.evaluation import EVALUATION_FILE, read_evaluation
from core.expression.registry import installed_models
from core.expression.weaknesses import unmeasured, weaknesses
from tests.support.networks import evaluation_of, install, measure

LABELS = ("calm", "worried", "tired")
MODELS = Path(__file__).parents[3] / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return install(tmp_path, "mine", LABELS)


def test_what_is_written_is_read(folder: Path) -> None:
    written = evaluation_of(LABELS, auc_rendered=0.98)
    measure(folder, written)
    assert read_evaluation(folder, read_card(folder)) == written


def test_further_figures_stand_beside_the_others(folder: Path) -> None:
    values = json.loads(evaluation_of(LABELS, auc_rendered=0.98).to_json())
    assert values["auc_rendered"] == 0.98
    assert "figures" not in values


def test_a_model_that_nobody_measured_has_none(folder: Path) -> None:
    assert read_evaluation(folder, read_card(folder)) is None


def test_every_shipped_model_has_one_that_fits_its_card() -> None:
    for card in installed_models(MODELS):
        evaluation = read_evaluation(MODELS / card.name, card)
        assert evaluation is not None
        assert sum(map(sum, evaluation.confusion)) == evaluation.n


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda values: [values], id="a list"),
        pytest.param(lambda values: values | {"confusion": [[1, 2], [3, 4]]}, id="too few rows"),
        pytest.param(lambda values: values | {"confusion": [[1], [2], [3]]}, id="short rows"),
        pytest.param(lambda values: values | {"confusion": [[-1] * 3] * 3}, id="below zero"),
        pytest.param(lambda values: values | {"confusion": "none"}, id="no matrix"),
        pytest.param(lambda values: values | {"accuracy": 71.5}, id="per cent for a share"),
        pytest.param(lambda values: values | {"accuracy": "high"}, id="a word for a share"),
        pytest.param(lambda values: values | {"labels": ["a", "b", "c"]}, id="other labels"),
        pytest.param(lambda values: values | {"calibration": [{"sure": 1}]}, id="another bin"),
        pytest.param(
            lambda values: {k: v for k, v in values.items() if k != "ece"}, id="a figure less"
        ),
    ],
)
def test_one_in_the_wrong_form_is_refused_with_a_sentence(folder: Path, spoil) -> None:
    values = json.loads(evaluation_of(LABELS).to_json())
    (folder / EVALUATION_FILE).write_text(json.dumps(spoil(values)))
    with pytest.raises(ModelError, match="evaluation of the model “mine” cannot be read"):
        read_evaluation(folder, read_card(folder))


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / EVALUATION_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError):
        read_evaluation(folder, read_card(folder))


def test_the_worst_labels_come_first_with_what_they_are_taken_for() -> None:
    evaluation = evaluation_of(LABELS, [[90, 4, 6], [30, 60, 10], [5, 55, 40]])
    worst, second = weaknesses(evaluation)
    assert (worst.label, worst.faces, worst.found) == ("tired", 100, 0.4)
    assert (worst.taken_for, worst.taken) == ("worried", 0.55)
    assert (second.label, second.taken_for) == ("worried", "calm")


def test_no_more_than_asked_for() -> None:
    evaluation = evaluation_of(LABELS, [[90, 4, 6], [30, 60, 10], [5, 55, 40]])
    assert [one.label for one in weaknesses(evaluation, most=1)] == ["tired"]


def test_a_model_without_mistakes_has_no_weakness() -> None:
    assert weaknesses(evaluation_of(LABELS, [[5, 0, 0], [0, 5, 0], [0, 0, 5]])) == ()


def test_a_label_that_no_face_carries_is_not_measured_and_no_weakness() -> None:
    evaluation = evaluation_of(LABELS, [[9, 1, 0], [2, 8, 0], [0, 0, 0]])
    assert unmeasured(evaluation) == ("tired",)
    assert [one.label for one in weaknesses(evaluation)] == ["worried"]
