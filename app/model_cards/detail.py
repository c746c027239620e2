"""Everything about one model."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.charts import CHART_CONFIG
from app.model_cards.calibration import reliability_diagram, said_from
from app.model_cards.comparison import measured_on
from app.model_cards.confusion import STYLE, confusion_chart, is_large
from app.model_cards.figures import figures_of, named, size, written
from app.model_cards.installed import InstalledModel
from app.model_cards.learning import loss_curves, score_curves, score_title
from app.palette import swatch
from app.words import plain
from core.errors import PhotoError
from core.expression.evaluation import Evaluation
from core.expression.weaknesses import Weakness, unmeasured, weaknesses
from core.vision.photo import decode_photo

_HEADLINES = ("accuracy", "accuracy_without_twins", "macro_f1", "ece", "tflite_ms_per_face")
_NOT_MEASURED = (
    "**Not measured yet.** Its folder has no evaluation, so accuracy, mistakes and calibration are "
    "unknown. Publishing a model with `python -m core.training publish` measures it."
)
_NO_HISTORY = "**No learning curves.** Its folder has no history of a training."
_TAUGHT = "**No learning curves.** It was taught in one step, on a network that was trained before."


def show_model(model: InstalledModel, sure_from: float, *, wide: bool) -> None:
    """One model from its headline figures to its files.

    Args:
        model: what is installed.
        sure_from: the confidence below which the product says “not sure”.
        wide: whether two charts have room beside each other.
    """
    st.caption(plain(model.card.description))
    for sentence in model.troubles:
        st.warning(plain(sentence), icon=":material/warning:")
    _headlines(model)
    left, right = _two_places(wide)
    with left:
        _weak_points(model)
    with right:
        _origin(model)
    if model.evaluation is None:
        _empty(_NOT_MEASURED)
    else:
        beside = wide and not is_large(model.evaluation)
        left, right = _two_places(beside)
        with left:
            _confusion(model.card.name, model.evaluation)
        with right:
            _calibration(model, model.evaluation, sure_from)
    _learning(model, wide=wide)
    _contact_sheet(model)
    _figures_and_files(model)


def _headlines(model: InstalledModel) -> None:
    figures = figures_of(model.card, model.evaluation)
    with st.container(horizontal=True):
        for name in _HEADLINES:
            if name in figures:
                st.metric(
                    named(name).title,
                    written(name, figures[name]),
                    help=named(name).meaning or None,
                    width="content",
                )
        st.metric("Size", size(model.tflite_bytes), width="content")


def _weak_points(model: InstalledModel) -> None:
    st.subheader("What it is bad at")
    points = [plain(limit) for limit in model.card.limits]
    if model.evaluation is not None:
        points += [_said(weakness) for weakness in weaknesses(model.evaluation)]
        if missing := unmeasured(model.evaluation):
            points.append(
                f"Not measured on: {plain(', '.join(missing))}. No test face is labelled so."
            )
    st.markdown("\n".join(f"- {point}" for point in points))


def _said(weakness: Weakness) -> str:
    label = plain(weakness.label)
    found = f"Finds {weakness.found:.0%} of the {weakness.faces:,} faces labelled {label}"
    if weakness.taken_for is None:
        return f"{found}."
    return f"{found}; takes {weakness.taken:.0%} of them for {plain(weakness.taken_for)}."


def _origin(model: InstalledModel) -> None:
    card = model.card
    st.subheader("Where it comes from")
    labels = " · ".join(plain(swatch(label).title) for label in card.labels)
    lines = [
        f"**Reads:** {labels}",
        f"**Learnt from:** {plain(card.data)}",
        f"**Terms:** {plain(card.licence)}",
        f"**Built:** {card.weights:,} weights; takes a {plain(card.colour)} face of "
        f"{card.input_px} × {card.input_px} pixels.",
    ]
    lines += [
        f"**Says {plain(label)}** from {threshold:.0%} on."
        for label, threshold in card.thresholds.items()
    ]
    st.markdown("\n\n".join(lines))


def _confusion(name: str, evaluation: Evaluation) -> None:
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


def _among_others(evaluation: Evaluation) -> str | None:
    """Why the diagonal tells less than the accuracy, where it does: a label that nobody carries."""
    found = sum(row[index] for index, row in enumerate(evaluation.confusion)) / evaluation.n
    if not unmeasured(evaluation) or evaluation.accuracy - found < 0.001:
        return None
    return (
        f"{found:.1%} of these faces are read as labelled. The accuracy of "
        f"{evaluation.accuracy:.1%} is that among the labels that a test face carries."
    )


def _calibration(model: InstalledModel, evaluation: Evaluation, sure_from: float) -> None:
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
    st.markdown(_calibration_in_words(model.card.temperature, evaluation, sure_from))


def _calibration_in_words(temperature: float, evaluation: Evaluation, sure_from: float) -> str:
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


def _learning(model: InstalledModel, *, wide: bool) -> None:
    st.subheader("How it learnt")
    history = model.history
    if history is None or not history.epochs:
        _empty(_NO_HISTORY if model.card.head is None else _TAUGHT)
        return
    kept = "" if history.best_epoch is None else f" Kept: epoch {history.best_epoch + 1}."
    st.caption(
        f"{history.epochs} epochs.{kept} Solid: validation, faces that it did not learn "
        "from. Dotted: the training faces, made harder on purpose."
    )
    places = _two_places(wide)
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


def _contact_sheet(model: InstalledModel) -> None:
    if model.contact_sheet_jpeg is None:
        return
    st.subheader("Rendered faces that it learnt from")
    try:
        sheet_bgr = decode_photo(model.contact_sheet_jpeg, "contact_sheet.jpg")
    except PhotoError as error:
        st.warning(plain(error.sentence), icon=":material/warning:")
        return
    st.image(
        sheet_bgr,
        channels="BGR",
        output_format="JPEG",
        caption="Rendered by the project; nobody sat for them.",
        alt="Rendered faces in rows",
    )


def _figures_and_files(model: InstalledModel) -> None:
    with st.expander("All figures and files"):
        if figures := figures_of(model.card, model.evaluation):
            st.dataframe(
                [
                    {
                        "Figure": named(name).title,
                        "Value": written(name, value),
                        "Meaning": named(name).meaning,
                    }
                    for name, value in figures.items()
                ],
                hide_index=True,
                placeholder="",
                height="content",
                alt="All measured figures",
            )
            st.caption(f"Measured on {plain(model.card.figures_date)} with")
            st.code(model.card.figures_command, language="shell", wrap_lines=True)
        st.caption("Its files, and the beginning of the SHA-256 that each must have")
        st.markdown(
            "\n".join(f"- {plain(file.name)}: {file.sha256[:12]}…" for file in model.card.files)
        )


def _two_places(beside: bool) -> Sequence[DeltaGenerator]:
    return st.columns(2, gap="large") if beside else (st.container(), st.container())


def _empty(text: str) -> None:
    with st.container(border=True):
        st.markdown(text)
