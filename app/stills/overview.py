"""All faces of all pictures as a table, and as a file to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.palette import swatch
from app.stills.faces import face_key
from app.stills.tray import TrayPicture
from app.words import counted
from core.analysis import FaceReading
from core.expression.wording import looks
from core.stills.table import COLUMN_HELP, faces_csv

_KEY = "stills-table"
_PER_CENT = "%.0f%%"


def show_table(pictures: Sequence[TrayPicture], sure_from: float, chosen_key: str) -> None:
    """The table; choosing a row shows that face above.

    Args:
        pictures: the whole batch.
        sure_from: confidence from which a word is said.
        chosen_key: of the widget that holds the digest of the picture shown.
    """
    places = [
        (picture, number)
        for picture in pictures
        if picture.still
        for number in range(1, len(picture.still.faces) + 1)
    ]
    if places:
        st.subheader("All faces")
        st.caption(
            f"{counted(len(pictures), 'picture')}, {counted(len(places), 'face')}. "
            "Choose a row to see that face."
        )
        st.dataframe(
            [_row(picture, number, sure_from) for picture, number in places],
            hide_index=True,
            column_config=_columns(places),
            key=_KEY,
            on_select=lambda: _jump(places, chosen_key),
            selection_mode="single-row",
            placeholder="–",
            alt="All faces of all pictures with their readings",
        )
    _offer_csv(pictures, sure_from)


def _face(picture: TrayPicture, number: int) -> FaceReading:
    if picture.still is None:
        raise ValueError(f"{picture.name} was not read")
    return picture.still.faces[number - 1]


def _row(picture: TrayPicture, number: int, sure_from: float) -> dict[str, object]:
    face = _face(picture, number)
    reading = face.reading
    row: dict[str, object] = {
        "Picture": picture.name,
        "Face": number,
        "Expression": looks(reading, sure_from) if reading else "not read",
        "Confidence": reading.confidence * 100 if reading else None,
        "Across": round(face.quality.face_px),
        "Notes": ", ".join(face.quality.notes),
    }
    if reading:
        row |= {
            swatch(label).title: share * 100
            for label, share in zip(reading.labels, reading.probabilities, strict=True)
        }
    return row


def _columns(places: Sequence[tuple[TrayPicture, int]]) -> dict[str, Any]:
    labels = {
        label
        for picture, number in places
        if (reading := _face(picture, number).reading)
        for label in reading.labels
    }
    number = st.column_config.NumberColumn
    return {
        "Confidence": st.column_config.ProgressColumn(
            format=_PER_CENT, min_value=0, max_value=100, color="primary"
        ),
        "Across": number("Across", format="%d px"),
    } | {swatch(label).title: number(format=_PER_CENT) for label in labels}


def _jump(places: Sequence[tuple[TrayPicture, int]], chosen_key: str) -> None:
    rows = st.session_state[_KEY].selection.rows
    if rows:
        picture, number = places[rows[0]]
        st.session_state[chosen_key] = picture.digest
        st.session_state[face_key(picture.digest)] = number


def _offer_csv(pictures: Sequence[TrayPicture], sure_from: float) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "All faces as CSV",
            # with a mark at the front, or Excel takes it for Latin-1
            faces_csv([picture.result for picture in pictures], sure_from).encode("utf-8-sig"),
            file_name="mien-stills.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("What the columns mean", type="tertiary"):
            st.markdown("\n".join(f"- `{name}`: {text}" for name, text in COLUMN_HELP.items()))
