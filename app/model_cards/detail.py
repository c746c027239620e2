"""Everything about one model."""

from __future__ import annotations

import streamlit as st

from app.model_cards.calibration import show_calibration
from app.model_cards.confusion import is_large
from app.model_cards.figures import figures_of, named, size, written
from app.model_cards.installed import InstalledModel
from app.model_cards.layout import empty_state, two_places
from app.model_cards.learning import show_learning
from app.model_cards.mistakes import show_confusion, show_weak_points
from app.model_cards.origin import show_contact_sheet, show_origin
from app.words import plain

_HEADLINES = ("accuracy", "accuracy_without_twins", "macro_f1", "ece", "tflite_ms_per_face")
_NOT_MEASURED = (
    "**Not measured yet.** Its folder has no evaluation, so accuracy, mistakes and calibration are "
    "unknown. Publishing a model with `python -m core.training publish` measures it."
)


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
    left, right = two_places(wide)
    with left:
        show_weak_points(model)
    with right:
        show_origin(model)
    if model.evaluation is None:
        empty_state(_NOT_MEASURED)
    else:
        beside = wide and not is_large(model.evaluation)
        left, right = two_places(beside)
        with left:
            show_confusion(model.card.name, model.evaluation)
        with right:
            show_calibration(model, model.evaluation, sure_from)
    show_learning(model, wide=wide)
    show_contact_sheet(model)
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
