from __future__ import annotations

import numpy as np
import pytest

from app.charts import TIMELINE_PX, TIMELINE_SPAN_S, probability_bars, rolling_timeline
from app.palette import swatch
from core.expression.labels import FER7
from core.expression.reading import Reading

HAPPY = Reading(FER7, (0.02, 0.01, 0.03, 0.7, 0.04, 0.1, 0.1))
SAD = Reading(FER7, (0.02, 0.01, 0.03, 0.1, 0.7, 0.04, 0.1))


def test_bars_show_every_probability_in_the_models_order() -> None:
    bar = probability_bars(HAPPY, 0.45).data[0]
    assert list(bar.x) == pytest.approx([2, 1, 3, 70, 4, 10, 10])
    assert list(bar.text) == ["2%", "1%", "3%", "70%", "4%", "10%", "10%"]
    assert all(swatch(label).title in shown for label, shown in zip(FER7, bar.y, strict=True))
    assert list(bar.marker.color) == [swatch(label).colour_hex for label in FER7]


def test_only_the_likeliest_is_set_in_bold() -> None:
    bar = probability_bars(HAPPY, 0.45).data[0]
    assert [shown for shown in bar.y if "<b>" in shown] == [f"<b>{swatch('happy').title}</b>"]


def test_no_bar_changes_its_place_with_the_reading() -> None:
    one, other = probability_bars(HAPPY, 0.45), probability_bars(SAD, 0.45)
    assert one.layout.height == other.layout.height
    assert one.layout.xaxis.range == other.layout.xaxis.range == (0, 125)


@pytest.mark.parametrize("sure_from", [0.2, 0.45, 0.9])
def test_the_line_stands_where_the_word_begins(sure_from: float) -> None:
    line = probability_bars(HAPPY, sure_from).layout.shapes[0]
    assert line.x0 == line.x1 == pytest.approx(sure_from * 100)


def test_timeline_runs_from_the_past_to_now() -> None:
    seconds_ago = np.array([2.0, 1.0, 0.0])
    probabilities = np.array([HAPPY.probabilities, SAD.probabilities, SAD.probabilities])
    figure = rolling_timeline(seconds_ago, probabilities, FER7)
    happy = next(line for line in figure.data if line.name == swatch("happy").title)
    np.testing.assert_allclose(happy.x, [-2, -1, 0])
    np.testing.assert_allclose(happy.y, [70, 10, 10])


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)], ids=["rising", "falling"])
def test_the_symbol_stands_at_now_only(order: slice) -> None:
    seconds_ago = np.array([2.0, 1.0, 0.0])[order]
    figure = rolling_timeline(seconds_ago, np.full((3, 7), 1 / 7), FER7)
    symbols = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(trace.x) for trace in symbols] == [[0]] * 7
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [line.legendgroup for line in lines] == [symbol.legendgroup for symbol in symbols]


def test_an_absent_face_leaves_a_gap() -> None:
    probabilities = np.array([HAPPY.probabilities, [np.nan] * 7, HAPPY.probabilities])
    figure = rolling_timeline(np.array([2.0, 1.0, 0.0]), probabilities, FER7)
    assert not any(line.connectgaps for line in figure.data)
    assert np.isnan(figure.data[0].y[1])


@pytest.mark.parametrize("rows", [0, 1, 240])
def test_axes_of_the_timeline_never_move(rows: int) -> None:
    figure = rolling_timeline(np.arange(rows, dtype=float), np.full((rows, 7), 0.1), FER7)
    assert figure.layout.xaxis.range == (-TIMELINE_SPAN_S, 2)
    assert figure.layout.yaxis.range == (0, 102)
    assert figure.layout.height == TIMELINE_PX
    assert figure.layout.uirevision == "steady"
    assert len(figure.data) == 2 * len(FER7)  # a line and its symbol
