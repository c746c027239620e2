"""What a model gets wrong: its weak points in words, and what it takes for what."""

from __future__ import annotations

import streamlit as st

from app.charts import CHART_CONFIG
from app.model_cards.comparison import measured_on
from app.model_cards.confusion import STYLE, confusion_chart
from app.model_cards.installed import InstalledModel
from app.words import plain
from core.expression.evaluation import Evaluation
from core.expression.weaknesses import Weakness, unmeasured, weaknesses


def show_weak_points(model: InstalledModel) -> None:
    """What its card warns of, and which labels it finds least."""
    st.subheader("What it is bad at")
    points = [plain(limit) for limit in model.card.limits]
    if model.evaluation is not None:
        points += [_said(weakness) for weakness in weaknesses(model.evaluation)]
        if missing := unmeasured(model.evaluation):
            points.append(
                f"Not measured on: {plain(', '.join(missing))}. No test face is labelled so."
            )
    st.markdown("\n".join(f"- {point}" for point in points))


def show_confusion(name: str, evaluation: Evaluation) -> None:
    """The confusion matrix, as shares or as counts."""
    st.subheader("What it takes for what")
    st.caption(
        f"{measured_on(evaluation)}. A row is how faces are labelled, a column how "
        "they were read. Green is right, amber is wrong."
    )
    if note := _among_others(evaluation):
        st.caption(note)
    shown = st.segmented_control(
        "Cells show",
        ["Shares of each row", "Counts"],
        default="Shares of each row",
        required=True,
        key=f"models-cells-{name}",
    )
    st.html(STYLE)
    st.plotly_chart(
        confusion_chart(evaluation, as_shares=shown != "Counts"),
        key=f"models-confusion-{name}",
        config=CHART_CONFIG,
        alt="Confusion matrix: "
        + "; ".join(
            f"{label}: {row[index]} of {sum(row)} found"
            for index, (label, row) in enumerate(
                zip(evaluation.labels, evaluation.confusion, strict=True)
            )
        ),
    )


def _said(weakness: Weakness) -> str:
    label = plain(weakness.label)
    found = f"Finds {weakness.found:.0%} of the {weakness.faces:,} faces labelled {label}"
    if weakness.taken_for is None:
        return f"{found}."
    return f"{found}; takes {weakness.taken:.0%} of them for {plain(weakness.taken_for)}."


def _among_others(evaluation: Evaluation) -> str | None:
    """Why the diagonal tells less than the accuracy, where it does: a label that nobody carries."""
    found = sum(row[index] for index, row in enumerate(evaluation.confusion)) / evaluation.n
    if not unmeasured(evaluation) or evaluation.accuracy - found < 0.001:
        return None
    return (
        f"{found:.1%} of these faces are read as labelled. The accuracy of "
        f"{evaluation.accuracy:.1%} is that among the labels that a test face carries."
    )
