"""The charts of the Models page, as the figures that they draw."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from app.model_cards.calibration import reliability_diagram, said_from
from app.model_cards.confusion import MOST_WITH_NUMBERS, confusion_chart, told
from app.model_cards.learning import loss_curves, score_curves, score_title
from app.palette import swatch
from core.expression.learning import LearningCurve, LearningHistory
from tests.support.networks import evaluation_of

LABELS = ("calm", "worried", "tired")
CONFUSION = evaluation_of(LABELS, [[90, 4, 6], [30, 60, 10], [0, 0, 0]])


def cells(figure: go.Figure) -> dict[tuple[int, int], float]:
    """Shares by place, of both colours together."""
    return {
        (row, column): share
        for trace in figure.data
        if trace.type == "heatmap"
        for (row, column), share in np.ndenumerate(trace.z)
        if not np.isnan(share)
    }


def test_every_cell_is_coloured_once_by_its_share_of_the_row() -> None:
    shares = cells(confusion_chart(CONFUSION, as_shares=False))
    assert len(shares) == len(LABELS) ** 2
    assert shares[0, 0] == pytest.approx(0.9)
    assert shares[1, 0] == pytest.approx(0.3)
    assert shares[2, 2] == 0  # nobody is labelled so, which is no division by zero


def test_right_and_wrong_have_colours_of_their_own() -> None:
    right, wrong = confusion_chart(CONFUSION, as_shares=False).data[:2]
    assert np.isfinite(right.z).sum() == len(LABELS)
    assert np.isnan(wrong.z[0][0])
    assert right.colorscale != wrong.colorscale


@pytest.mark.parametrize(
    ("as_shares", "first_row"),
    [
        pytest.param(True, ["90%", "4%", "6%"], id="shares"),
        pytest.param(False, ["90", "4", "6"], id="counts"),
    ],
)
def test_cells_hold_shares_or_counts(as_shares: bool, first_row: list[str]) -> None:
    numbers = confusion_chart(CONFUSION, as_shares=as_shares).data[2]
    assert list(numbers.text[:3]) == first_row


def test_a_label_that_no_face_carries_has_no_numbers() -> None:
    numbers = confusion_chart(CONFUSION, as_shares=True).data[2]
    assert list(numbers.text[6:]) == ["–", "–", "–"]


def test_the_pointer_is_told_in_words() -> None:
    said = confusion_chart(CONFUSION, as_shares=True).data[1].customdata
    assert said[1][0] == "of 100 labelled worried, 30 read as calm (30%)"
    assert told("tired", "calm", 0, 0) == "no face is labelled tired"


def test_a_large_matrix_leaves_its_numbers_to_the_pointer() -> None:
    labels = tuple(f"mood {number}" for number in range(MOST_WITH_NUMBERS + 1))
    figure = confusion_chart(evaluation_of(labels), as_shares=True)
    assert {trace.type for trace in figure.data} == {"heatmap"}
    assert len(figure.layout.xaxis.ticktext) == len(labels)
    assert figure.layout.height > confusion_chart(CONFUSION, as_shares=True).layout.height


def test_labels_that_look_like_markup_are_shown_as_they_stand() -> None:
    figure = confusion_chart(evaluation_of(("<b>a</b>", "b")), as_shares=True)
    assert "&lt;b&gt;" in figure.layout.xaxis.ticktext[0]
    assert "&lt;b&gt;" in figure.data[0].customdata[0][0]


def test_labels_with_the_same_word_keep_rows_of_their_own() -> None:
    labels = ("Happy", "happy")
    assert swatch("Happy").word == swatch("happy").word
    assert len(confusion_chart(evaluation_of(labels), as_shares=True).layout.yaxis.tickvals) == 2


def test_the_diagram_has_a_dot_for_each_bin_and_larger_ones_for_more_faces() -> None:
    dots = reliability_diagram(CONFUSION, 0.45).data[0]
    assert list(dots.x) == pytest.approx([30, 90])
    assert list(dots.y) == pytest.approx([25, 92])
    assert dots.marker.size[0] < dots.marker.size[1]


def test_the_limit_of_not_sure_stands_in_the_diagram() -> None:
    lines = reliability_diagram(CONFUSION, 0.45).layout.shapes
    assert (lines[-1].x0, lines[-1].x1) == (45, 45)


@pytest.mark.parametrize(
    ("sure_from", "expected"),
    [
        pytest.param(0.2, (1.0, (0.25 * 10 + 0.92 * 30) / 40), id="everything gets a word"),
        pytest.param(0.45, (0.75, 0.92), id="the surer ones"),
        pytest.param(0.95, None, id="nothing does"),
    ],
)
def test_what_the_limit_does(sure_from: float, expected: tuple[float, float] | None) -> None:
    assert said_from(CONFUSION, sure_from) == (
        None if expected is None else pytest.approx(expected)
    )


def history(*curves: LearningCurve, best_epoch: int | None = 1) -> LearningHistory:
    return LearningHistory(2, best_epoch, curves)


def curve(name: str) -> LearningCurve:
    return LearningCurve(name, np.array([0.3, 0.5]), np.array([np.nan, 0.4]))


def test_accuracies_of_several_heads_are_named_and_told_apart() -> None:
    curves = [curve(name) for name in ("fer7_accuracy", "mood_accuracy", "pain_auc", "loss")]
    figure = score_curves(history(*curves))
    assert figure is not None
    assert [line.name for line in figure.data[::2]] == [
        "FER2013, validation",
        "mood, validation",
        "pain AUC, validation",
    ]
    assert [line.line.dash for line in figure.data[:2]] == ["solid", "dot"]
    assert figure.data[0].line.color != figure.data[2].line.color
    assert figure.data[1].y == pytest.approx([30, 50])


@pytest.mark.parametrize(
    ("names", "title"),
    [
        pytest.param(["accuracy"], "Accuracy", id="accuracy"),
        pytest.param(["pain_auc"], "Area under the curve", id="AUC"),
        pytest.param(["accuracy", "auc"], "Accuracy and area under the curve", id="both"),
    ],
)
def test_the_chart_is_called_what_it_shows(names: list[str], title: str) -> None:
    assert score_title(history(*(curve(name) for name in names))) == title


def test_the_epoch_that_was_kept_is_marked() -> None:
    marked = score_curves(history(curve("accuracy")))
    plain = score_curves(history(curve("accuracy"), best_epoch=None))
    assert marked is not None
    assert plain is not None
    assert [shape.x0 for shape in marked.layout.shapes] == [2]
    assert plain.layout.shapes == ()


def test_a_recipe_without_a_figure_has_no_chart_of_it() -> None:
    assert score_curves(history(curve("loss"))) is None
    assert loss_curves(history(curve("accuracy"))) is None
    assert loss_curves(history(curve("loss"))) is not None


def test_a_single_epoch_is_a_dot() -> None:
    one = LearningCurve("loss", np.array([1.0]), None)
    figure = loss_curves(LearningHistory(1, 0, (one,)))
    assert figure is not None
    assert figure.data[0].mode == "markers"
