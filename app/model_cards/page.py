"""The Models page: compare all, look at one or at two, choose the one in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from app.composition import MODELS_ROOT, model_survey, settings_store, usable_model, why_unusable
from app.model_cards.comparison import compare
from app.model_cards.detail import show_model
from app.model_cards.installed import InstalledModel, look_into
from app.words import HONEST_LINE, counted, plain
from core.expression.registry import Refusal

MOST_PILLS = 6
"""More models than these are chosen from a list that one can type into."""

_OPEN = "models-open"
_BESIDE = "models-beside"
_EMPTY = """**No model is installed.** Each model is a folder under `models` with a card, a Keras
file and a TFLite file. `python -m core.training publish` writes one from a finished training; the
README tells how."""


def render_models() -> None:
    """Lays the page out."""
    found = model_survey()
    _refusals(found.refusals)
    if not found.cards:
        with st.container(border=True):
            st.markdown(_EMPTY)
        return
    in_use = _model_in_use()
    models = look_into(found.cards, MODELS_ROOT)
    compare(list(models.values()), in_use, _OPEN)
    st.caption(
        "As each was measured when it was published. Figures of other labels or of other test "
        "faces cannot be compared. Choose a row to see that model."
    )
    shown = _choose(models, in_use)
    for place, model in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        with place:
            _one(model, in_use, wide=len(shown) == 1)
    st.caption(HONEST_LINE)


def _refusals(refusals: Sequence[Refusal]) -> None:
    for refusal in refusals[:3]:
        st.warning(plain(refusal.sentence), icon=":material/warning:")
    if rest := refusals[3:]:
        with st.expander(f"{counted(len(rest), 'more folder')} cannot be used"):
            st.markdown("\n".join(f"- {plain(refusal.sentence)}" for refusal in rest))


def _model_in_use() -> str:
    store = settings_store()
    chosen = store.current.model
    name = usable_model(chosen)
    if trouble := why_unusable(chosen):
        st.info(
            plain(f"The chosen model cannot be used. {trouble} “{name}” is used instead."),
            icon=":material/info:",
        )
    if store.trouble:
        st.warning(plain(store.trouble), icon=":material/warning:")
    return name


def _choose(models: dict[str, InstalledModel], in_use: str) -> list[InstalledModel]:
    """The model to show, and where the person wants one beside it, that one too."""
    if len(models) == 1:
        return list(models.values())
    if st.session_state.get(_OPEN) not in models:
        st.session_state[_OPEN] = in_use
    title = {name: model.title for name, model in models.items()}.__getitem__
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        if len(models) <= MOST_PILLS:
            st.pills("Model", list(models), key=_OPEN, required=True, wrap=True, format_func=title)
        else:
            st.selectbox("Model", list(models), key=_OPEN, format_func=title, width=320)
        others = [name for name in models if name != st.session_state[_OPEN]]
        beside = st.selectbox(
            "Beside it",
            others,
            index=None,
            placeholder="no other",
            key=_BESIDE,
            format_func=title,
            width=320,
        )
    return [models[name] for name in (st.session_state[_OPEN], beside) if name is not None]


def _one(model: InstalledModel, in_use: str, *, wide: bool) -> None:
    st.header(plain(model.title))
    if model.card.name == in_use:
        st.badge("In use on Live and Stills", icon=":material/check:", color="green")
    else:
        st.button(
            "Use on Live and Stills",
            key=f"models-use-{model.card.name}",
            type="primary",
            help="For everybody who uses this Mien.",
            on_click=_use,
            args=(model,),
        )
    show_model(model, settings_store().current.sure_from, wide=wide)


def _use(model: InstalledModel) -> None:
    store = settings_store()
    store.keep(replace(store.current, model=model.card.name))
    st.toast(f"Live and Stills now use {plain(model.title)}.")
