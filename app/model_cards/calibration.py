"""Calibration: whether a model is right as often as it is sure."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from app.charts import CHART_CONFIG, bare
from app.model_cards.installed import InstalledModel
from app.palette import ACCENT_HEX, FAINT_RGBA
from core.expression.evaluation import Evaluation

HEIGHT_PX = 380
_SMALLEST_PX, _LARGEST_PX = 6.0, 26.0


def show_calibration(model: InstalledModel, evaluation: Evaluation, sure_from: float) -> None:
    """The diagram, and what it means for “not sure”."""
    st.subheader("Is it right as often as it is sure?")
    st.caption(
        "On the dotted line it is. Below it, it is too sure of itself; above it, too modest. "
        "Larger dots stand for more faces."
    )
    st.plotly_chart(
        reliability_diagram(evaluation, sure_from),
        key=f"models-calibration-{model.card.name}",
        config=CHART_CONFIG,
        alt="Reliability diagram: "
        + "; ".join(
            f"{one.confidence:.0%} sure, {one.accuracy:.0%} right" for one in evaluation.calibration
        ),
    )
    st.markdown(_in_words(model.card.temperature, evaluation, sure_from))


def reliability_diagram(evaluation: Evaluation, sure_from: float) -> go.Figure:
    """Confidence against accuracy; on the dotted line it is right exactly as often as it is sure.

    Args:
        evaluation: of one model.
        sure_from: confidence from which the product says a word; drawn as a line.
    """
    bins = evaluation.calibration
    confidence = np.array([one.confidence for one in bins]) * 100
    accuracy = np.array([one.accuracy for one in bins]) * 100
    faces = np.array([one.faces for one in bins])
    share = np.sqrt(faces / max(faces.max(initial=0), 1))
    figure = go.Figure(
        go.Scatter(
            x=confidence,
            y=accuracy,
            mode="lines+markers",
            line={"color": ACCENT_HEX, "width": 2},
            marker={
                "color": ACCENT_HEX,
                "size": np.maximum(share * _LARGEST_PX, _SMALLEST_PX),
                "opacity": 0.85,
            },
            customdata=faces,
            hovertemplate=(
                "%{customdata:,} faces, %{x:.0f}% sure on average:<br>"
                "%{y:.0f}% read as labelled<extra></extra>"
            ),
        )
    )
    figure.add_shape(
        type="line", x0=0, y0=0, x1=100, y1=100, line={"color": FAINT_RGBA, "dash": "dot"}
    )
    figure.add_vline(
        x=sure_from * 100,
        line={"color": FAINT_RGBA, "width": 2},
        annotation={
            "text": f"“not sure” below {sure_from:.0%}",
            "xanchor": "left",
            "yref": "paper",
        },
        annotation_position="top right",
    )
    figure.update_layout(bare(height_px=HEIGHT_PX, bottom_px=40))
    axis = {
        "range": [0, 105],
        "ticksuffix": "%",
        "dtick": 20,
        "gridcolor": FAINT_RGBA,
        "zeroline": False,
    }
    figure.update_xaxes(title="how sure it is", ticklabeloverflow="allow", **axis)
    figure.update_yaxes(title="how often it is right", **axis)
    return figure


def said_from(evaluation: Evaluation, sure_from: float) -> tuple[float, float] | None:
    """What the limit does: share of faces that get a word, and share of these words that agree.

    As exact as the bins are wide; None where no face reaches the limit.
    """
    sure = [one for one in evaluation.calibration if one.confidence >= sure_from]
    faces = sum(one.faces for one in sure)
    if not faces:
        return None
    every = sum(one.faces for one in evaluation.calibration)
    return faces / every, sum(one.accuracy * one.faces for one in sure) / faces


def _in_words(temperature: float, evaluation: Evaluation, sure_from: float) -> str:
    first = (
        f"Its confidence is off by {evaluation.ece * 100:.1f} points on average. That is after "
        f"correction by a temperature of {temperature:.2f}; by itself it is "
        f"{'too sure' if temperature > 1 else 'too modest'}."
    )
    said = said_from(evaluation, sure_from)
    if said is None:
        return f"{first} No face reached the {sure_from:.0%} below which it says “not sure”."
    return (
        f"{first} With “not sure” below {sure_from:.0%}, about {said[0]:.0%} of these faces get a "
        f"word, and {said[1]:.0%} of these words agree with the label."
    )
