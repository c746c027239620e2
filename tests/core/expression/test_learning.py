"""Learning histories, as different recipes keep them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.expression.learning import HISTORY_FILE, read_history
from core.expression.registry import installed_models
from tests.support.networks import remember

MODELS = Path(__file__).parents[3] / "models"
ROWS = [
    {"loss": 2.0, "fer7_accuracy": 0.3},
    {"loss": 1.0, "fer7_accuracy": 0.5, "val_loss": 1.2, "val_fer7_accuracy": 0.4},
]


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(ROWS, id="a row for each epoch"),
        pytest.param(
            {
                "loss": [2.0, 1.0],
                "fer7_accuracy": [0.3, 0.5],
                "val_loss": [float("nan"), 1.2],
                "val_fer7_accuracy": [float("nan"), 0.4],
            },
            id="a column for each figure",
        ),
    ],
)
def test_both_forms_read_alike(tmp_path: Path, history: object) -> None:
    remember(tmp_path, history)
    read = read_history(tmp_path)
    assert read is not None
    assert (read.epochs, read.best_epoch) == (2, 1)
    assert [curve.name for curve in read.curves] == ["loss", "fer7_accuracy"]
    accuracy = read.curve("fer7_accuracy")
    assert accuracy is not None
    np.testing.assert_array_equal(accuracy.training, [0.3, 0.5])
    np.testing.assert_array_equal(accuracy.validation, [np.nan, 0.4])


def test_every_score_is_found_whatever_the_recipe_calls_it(tmp_path: Path) -> None:
    names = (
        "accuracy",
        "fer7_accuracy",
        "val_pain_acc",
        "categorical_accuracy",
        "auc",
        "loss",
        "rate",
    )
    remember(tmp_path, [dict.fromkeys(names, 0.5)])
    read = read_history(tmp_path)
    assert read is not None
    found = [curve.name for curve in read.scores]
    assert found == ["accuracy", "fer7_accuracy", "pain_acc", "categorical_accuracy", "auc"]
    pain = read.curve("pain_acc")
    assert pain is not None
    assert pain.training is None


def test_a_model_without_a_history_has_none(tmp_path: Path) -> None:
    assert read_history(tmp_path) is None


def test_a_training_that_has_not_begun_has_no_epochs(tmp_path: Path) -> None:
    remember(tmp_path, [], best_epoch=-1)
    read = read_history(tmp_path)
    assert read is not None
    assert (read.epochs, read.best_epoch, read.curves) == (0, None, ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="no history"),
        pytest.param('{"history": 3}', id="a number"),
        pytest.param('{"history": [3]}', id="numbers for rows"),
        pytest.param('{"history": [{"loss": "low"}]}', id="a word"),
        pytest.param('{"history": {"loss": 3}}', id="a number for a column"),
        pytest.param('{"history": [], "best_epoch": "last"}', id="a word for the best epoch"),
    ],
)
def test_one_in_the_wrong_form_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / HISTORY_FILE).write_text(text)
    with pytest.raises(ModelError, match="learning history of the model"):
        read_history(tmp_path)


def test_histories_of_the_shipped_models_are_read() -> None:
    for card in installed_models(MODELS):
        if card.head is None:
            read = read_history(MODELS / card.name)
            assert read is not None
            assert read.epochs > 0
            assert read.scores
