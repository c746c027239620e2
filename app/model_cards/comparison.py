"""All models in one table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.model_cards.figures import figures_of, named
from app.model_cards.installed import InstalledModel
from core.expression.evaluation import Evaluation

_KEY = "models-table"
_CROSS_VALIDATED = "Cross-validated"
_PERCENT = "%.1f%%"
_SPLITS = {"public": "PublicTest", "private": "PrivateTest", "training": "Training"}


def compare(models: Sequence[InstalledModel], in_use: str, chosen_key: str) -> None:
    """The table; choosing a row opens that model below.

    Args:
        models: all of them.
        in_use: name of the model that Live and Stills use.
        chosen_key: of the widget that holds the name of the open model.
    """
    number = st.column_config.NumberColumn
    st.dataframe(
        [_row(model, in_use) for model in models],
        hide_index=True,
        column_config={
            "Model": st.column_config.TextColumn(pinned=True),
            "Accuracy": number(format=_PERCENT, help=named("accuracy").meaning),
            "Without twins": number(format=_PERCENT, help=named("accuracy_without_twins").meaning),
            _CROSS_VALIDATED: number(
                format=_PERCENT,
                help="Accuracy of a model that was taught, on the pictures that taught it: each "
                "was read without having been learnt. It says nothing of other people's faces.",
            )
            if any(_is_cross_validated(model) for model in models)
            else None,
            "Macro-F1": number(format="%.3f", help=named("macro_f1").meaning),
            "Calibration error": number(format="%.3f", help=named("ece").meaning),
            "A face": number(format="%.2f ms", help=named("tflite_ms_per_face").meaning),
            "Size": number(format="%.1f MB", help="Of the file that reads the faces."),
            "Weights": number(format="compact", help="How many numbers it learnt."),
        },
        key=_KEY,
        on_select=lambda: _open(models, chosen_key),
        selection_mode="single-row",
        placeholder="–",
        alt="All models with their measured figures",
    )


def measured_on(evaluation: Evaluation | None) -> str:
    """“3,589 faces, PrivateTest”."""
    if evaluation is None:
        return "not measured"
    return f"{evaluation.n:,} faces, {_SPLITS.get(evaluation.split, evaluation.split)}"


def _is_cross_validated(model: InstalledModel) -> bool:
    return model.evaluation is not None and model.evaluation.is_cross_validated


def _row(model: InstalledModel, in_use: str) -> dict[str, object]:
    figures = figures_of(model.card, model.evaluation)
    own = _is_cross_validated(model)  # and so not to be compared with any other's
    tested = {} if own else figures
    share = {name: tested[name] * 100 for name in tested if name.startswith("accuracy")}
    return {
        "Model": model.title,
        "Accuracy": share.get("accuracy"),
        "Without twins": share.get("accuracy_without_twins"),
        _CROSS_VALIDATED: figures["accuracy"] * 100 if own else None,
        "Macro-F1": tested.get("macro_f1"),
        "Calibration error": tested.get("ece"),
        "A face": figures.get("tflite_ms_per_face"),
        "Size": model.tflite_bytes / 1e6,
        "Weights": model.card.weights,
        "In use": "✓" if model.card.name == in_use else "",
        "Reads": f"{len(model.card.labels)} expressions",
        "Measured on": measured_on(model.evaluation),
    }


def _open(models: Sequence[InstalledModel], chosen_key: str) -> None:
    rows = st.session_state[_KEY].selection.rows
    if rows:
        st.session_state[chosen_key] = models[rows[0]].card.name
