"""The models that were taught here: how well each reads, to be used or deleted."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import composition
from app.palette import swatch
from app.teach.desk import Desk
from app.words import plain
from core.errors import ModelError
from core.expression.card import ModelCard
from core.expression.evaluation import Evaluation, read_evaluation
from core.expression.registry import default_model
from core.teaching.publish import Result, result_of, withdraw


def show_taught_models(desk: Desk) -> None:
    """All of them, the newest first if it was taught in this visit."""
    cards = [card for card in composition.model_cards() if card.head is not None]
    if not cards:
        return
    st.subheader("Taught so far")
    for card in sorted(cards, key=lambda card: card.name != desk.taught):
        with st.container(border=True):
            _show(card, new=card.name == desk.taught)


def _show(card: ModelCard, *, new: bool) -> None:
    in_use = composition.usable_model(composition.settings_store().current.model) == card.name
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(card.title)}**", width="content")
        if in_use:
            st.badge("In use on Live and Stills", icon=":material/check:", color="green")
        elif new:
            st.badge("New", icon=":material/school:", color="blue")
    st.caption(
        f"{plain(card.description)} Taught on {card.figures_date}. Where it is in use it reads "
        "other people too, whom it does not know."
    )
    try:
        evaluation = read_evaluation(composition.MODELS_ROOT / card.name, card)
    except ModelError as error:
        st.warning(plain(error.sentence), icon=":material/warning:")
        evaluation = None
    if evaluation is not None:
        _show_result(evaluation, open_=new)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not in_use:
            st.button(
                "Use it",
                key=f"teach-use-{card.name}",
                type="primary" if new else "secondary",
                help="On Live and Stills, for everybody who uses this Mien.",
                on_click=_use,
                args=(card,),
            )
        with st.popover("Delete it", type="tertiary", icon=":material/delete:"):
            st.markdown(f"Delete “{plain(card.title)}” for good? It can only be taught anew.")
            st.button(
                "Yes, delete it",
                key=f"teach-delete-{card.name}",
                on_click=_delete,
                args=(card,),
            )


def _show_result(evaluation: Evaluation, *, open_: bool) -> None:
    result = result_of(evaluation)
    st.markdown(in_words(result, evaluation))
    with st.expander("What it took for what", expanded=open_):
        st.markdown(_confusion_table(evaluation))
        st.caption(
            "Each picture was read by a model that had not learnt from it. Pictures taken in one "
            "go look alike, so on another day it is wrong more often."
        )


def in_words(result: Result, evaluation: Evaluation) -> str:
    """How well it reads, for somebody who knows no statistics; Markdown."""
    first = (
        f"Read **{result.right} of {result.pictures}** unseen pictures as you sorted them "
        f"(**{result.share:.0%}**; on more pictures like these, between {result.low:.0%} and "
        f"{result.high:.0%})."
    )
    if not result.beats_guessing:
        return (
            f"{first} **That is not clearly better than guessing**, which reaches "
            f"{result.guessing:.0%}. Better not use it: add pictures, and make sure that each "
            "shows clearly what it is sorted under."
        )
    if result.right == result.pictures:
        return first
    return f"{first} {_weakest(evaluation)}"


def _weakest(evaluation: Evaluation) -> str:
    found = [row[index] / sum(row) for index, row in enumerate(evaluation.confusion)]
    index = found.index(min(found))
    row = evaluation.confusion[index]
    return (
        f"Weakest on {plain(evaluation.labels[index])}: found in {row[index]} of {sum(row)} "
        "pictures."
    )


def _confusion_table(evaluation: Evaluation) -> str:
    unbroken = str.maketrans(" ", "\N{NO-BREAK SPACE}")
    words = [plain(swatch(label).word).translate(unbroken) for label in evaluation.labels]
    rows = [
        [word, *(f"**{n}**" if column == index else str(n) for column, n in enumerate(row))]
        for index, (word, row) in enumerate(zip(words, evaluation.confusion, strict=True))
    ]
    head = ["sorted ↓ read →", *words]
    rule = ["---", *["---:"] * len(words)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])


def _use(card: ModelCard) -> None:
    store = composition.settings_store()
    store.keep(replace(store.current, model=card.name))
    st.toast(f"Live and Stills now use {plain(card.title)}.")


def _delete(card: ModelCard) -> None:
    store = composition.settings_store()
    try:
        withdraw(card.name, composition.MODELS_ROOT)
    except ModelError as error:
        st.toast(plain(error.sentence), icon=":material/error:")
        return
    if store.current.model == card.name:
        store.keep(replace(store.current, model=default_model(composition.MODELS_ROOT)))
    st.toast(f"{plain(card.title)} was deleted.")
