"""The Teach page: labels, pictures of each, and a model that knows them."""

from __future__ import annotations

import streamlit as st

from app import composition
from app.teach.desk import USUAL_LABELS, Desk
from app.teach.models import show_taught_models
from app.teach.pictures import gather_pictures
from app.words import HONEST_LINE, plain
from core.clock import SystemClock
from core.errors import DatasetError, MienError
from core.expression.card import ModelCard
from core.expression.labels import FERPLUS8
from core.expression.registry import DEFAULT_MODEL, load_classifier
from core.teaching.learn import learn
from core.teaching.lesson import FEWEST_PER_LABEL, MOST_LABELS
from core.teaching.publish import folder_name, publish

_DESK = "teach-desk"

_INTRODUCTION = """Show a few dozen pictures of **one person**, sorted by how they look: neutral,
happy, in pain, or whatever matters to you. Mien learns to tell these apart on this face, in
seconds, as a model of its own for Live and Stills."""

_BEFORE = """**Before you start.** Ask the person, or whoever decides for them. Never make somebody
feel pain for a picture: use what exists, or let them show how it looks.

**What is kept.** Pictures stay in the memory of the computer that runs Mien, until you remove them
or close the page. They are not written to disk and not sent anywhere. The model that is saved
holds numbers, its name and the labels: no picture and no file's name."""


def render_teach() -> None:
    """Lays the page out."""
    desk: Desk = st.session_state.setdefault(_DESK, Desk())
    st.markdown(_INTRODUCTION)
    with st.container(border=True):
        st.markdown(_BEFORE)
    bases = [card for card in composition.model_cards() if _gives_embedding(card)]
    if not bases:
        st.warning(
            "No installed model can be built on: none gives the values that a taught model reads. "
            "Install Mien's own model again.",
            icon=":material/warning:",
        )
        return
    if _choose_labels(desk):
        gather_pictures(desk)
        _teach(desk, bases)
    show_taught_models(desk)
    st.caption(HONEST_LINE)


def _gives_embedding(card: ModelCard) -> bool:
    return card.head is None and "embedding" in card.outputs


def _choose_labels(desk: Desk) -> bool:
    """Whether the labels chosen can be taught."""
    st.subheader("1 · What should it tell apart?")
    labels = st.multiselect(
        "Expressions",
        [*FERPLUS8, "pain"],
        default=USUAL_LABELS,
        key="teach-labels",
        persist_state="session",
        max_selections=MOST_LABELS,
        accept_new_options=True,
        placeholder="Choose some, or type a word of your own",
        help="Two to eight. Type a word and press Enter for one that is not in the list.",
    )
    try:
        desk.lesson.relabel(labels)
    except DatasetError as error:
        st.warning(plain(error.sentence), icon=":material/warning:")
        return False
    return True


def _teach(desk: Desk, bases: list[ModelCard]) -> None:
    st.subheader("3 · Teach")
    titles = {card.name: card.title for card in bases}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        title = st.text_input(
            "Name of the new model",
            value="My face",
            key="teach-title",
            persist_state="session",
            max_chars=40,
            width=320,
            help="Everybody who uses this Mien sees it.",
        )
        base = DEFAULT_MODEL if DEFAULT_MODEL in titles else bases[0].name
        if len(bases) > 1:
            base = st.selectbox(
                "Built on",
                list(titles),
                index=list(titles).index(base),
                format_func=titles.__getitem__,
                key="teach-base",
                persist_state="session",
                width=320,
                help="The model whose eye for faces is used. It is not changed.",
            )
        lacking = desk.lesson.lacking()
        asked = st.button(
            "Teach", type="primary", icon=":material/school:", disabled=lacking is not None
        )
    if lacking is not None:
        st.caption(f"Each expression needs at least {FEWEST_PER_LABEL} pictures first.")
    elif asked:
        _learn_and_publish(desk, title, base)


def _learn_and_publish(desk: Desk, title: str, base: str) -> None:
    models_root = composition.MODELS_ROOT
    bar = st.progress(0.0, "Learning")
    try:
        folder_name(title, models_root)  # said before the work, not after it
        # Built here, in the script's thread: classifiers are never shared.
        network = load_classifier(base, models_root)
        learnt = learn(desk.lesson, network, lambda share: _advance(bar, share))
        desk.taught = publish(learnt, title, base, models_root, SystemClock()).name
    except MienError as error:
        bar.empty()
        st.error(plain(error.sentence), icon=":material/error:")
        return
    st.rerun()


def _advance(bar: st.delta_generator.DeltaGenerator, share: float) -> None:
    bar.progress(share, "Looking at the faces" if share < 0.5 else "Learning, and checking itself")
