"""Learning curves: what changed from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go
import streamlit as st

from app.charts import CHART_CONFIG, bare
from app.model_cards.installed import InstalledModel
from app.model_cards.layout import empty_state, two_places
from app.palette import FAINT_RGBA, SERIES_HEX
from core.expression.learning import LearningCurve, LearningHistory

HEIGHT_PX = 320
_FEW_EPOCHS = 10
_HEADS = {"fer7": "FER2013", "ferplus8": "FERPlus"}
_NO_HISTORY = "**No learning curves.** Its folder has no history of a training."
_TAUGHT = "**No learning curves.** It was taught in one step, on a network that was trained before."


def show_learning(model: InstalledModel, *, wide: bool) -> None:
    """The curves of scores and loss, or why there are none."""
    st.subheader("How it learnt")
    history = model.history
    if history is None or not history.epochs:
        empty_state(_NO_HISTORY if model.card.head is None else _TAUGHT)
        return
    kept = "" if history.best_epoch is None else f" Kept: epoch {history.best_epoch + 1}."
    st.caption(
        f"{history.epochs} epochs.{kept} Solid: validation, faces that it did not learn "
        "from. Dotted: the training faces, made harder on purpose."
    )
    places = two_places(wide)
    charts = {score_title(history): score_curves(history), "Loss": loss_curves(history)}
    for place, (name, chart) in zip(places, charts.items(), strict=True):
        if chart is not None:
            place.markdown(f"**{name}**")
            place.plotly_chart(
                chart,
                key=f"models-{name}-{model.card.name}",
                config=CHART_CONFIG,
                alt=f"{name} over {history.epochs} epochs",
            )


def score_curves(history: LearningHistory) -> go.Figure | None:
    """Every accuracy or area under a curve, in per cent; None where the training kept none."""
    return _chart(history, history.scores, per_cent=True)


def score_title(history: LearningHistory) -> str:
    """What `score_curves` shows."""
    is_auc = ["auc" in curve.name for curve in history.scores]
    if not any(is_auc):
        return "Accuracy"
    return "Area under the curve" if all(is_auc) else "Accuracy and area under the curve"


def loss_curves(history: LearningHistory) -> go.Figure | None:
    """The loss that the training lowered; None where it kept none."""
    loss = history.curve("loss")
    return None if loss is None else _chart(history, [loss], per_cent=False)


def _chart(
    history: LearningHistory, curves: Sequence[LearningCurve], *, per_cent: bool
) -> go.Figure | None:
    if not curves:
        return None
    figure = go.Figure()
    for index, curve in enumerate(curves):
        colour_hex = SERIES_HEX[index % len(SERIES_HEX)]
        subject = _subject(curve.name)
        for values, where, dash in (
            (curve.validation, "validation", "solid"),
            (curve.training, "training", "dot"),
        ):
            if values is not None:
                name = f"{subject}, {where}" if len(curves) > 1 else where.capitalize()
                line = {"color": colour_hex, "width": 2, "dash": dash}
                figure.add_trace(_line(name, values * (100 if per_cent else 1), line, per_cent))
    _mark_best(figure, history)
    figure.update_layout(
        bare(height_px=HEIGHT_PX, bottom_px=40),
        hovermode="x unified",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(
        title="epoch",
        showgrid=False,
        zeroline=False,
        dtick=1 if history.epochs <= _FEW_EPOCHS else None,
    )
    figure.update_yaxes(ticksuffix="%" if per_cent else "", gridcolor=FAINT_RGBA, zeroline=False)
    return figure


def _line(
    name: str, values: npt.NDArray[np.float64], line: dict[str, object], per_cent: bool
) -> go.Scatter:
    return go.Scatter(
        x=np.arange(1, len(values) + 1),
        y=values,
        name=escape(name),
        mode="lines" if len(values) > 1 else "markers",
        line=line,
        hovertemplate="%{y:.1f}%" if per_cent else "%{y:.3f}",
    )


def _mark_best(figure: go.Figure, history: LearningHistory) -> None:
    if history.best_epoch is not None:
        figure.add_vline(
            x=history.best_epoch + 1,
            line={"color": FAINT_RGBA, "width": 2},
            annotation={"text": "kept", "yref": "paper", "y": 0, "yanchor": "bottom"},
            annotation_position="bottom left",
        )


def _subject(name: str) -> str:
    """“fer7_accuracy” is of the head “fer7”; plain “accuracy” is of the whole."""
    head, _, score = name.rpartition("_")
    subject = _HEADS.get(head, head.replace("_", " "))
    return f"{subject} AUC".lstrip() if score == "auc" else subject or "Accuracy"
