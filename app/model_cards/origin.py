"""Where a model comes from: its data, its terms, and examples of what it learnt from."""

from __future__ import annotations

import streamlit as st

from app.model_cards.installed import InstalledModel
from app.palette import swatch
from app.words import plain
from core.errors import PhotoError
from core.vision.photo import decode_photo


def show_origin(model: InstalledModel) -> None:
    """What it reads, what it learnt from, and under which terms."""
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


def show_contact_sheet(model: InstalledModel) -> None:
    """The rendered faces that it learnt from, where there were some."""
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
