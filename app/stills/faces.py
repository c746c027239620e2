"""One face of a picture: the word, the breakdown behind it, and how far to trust it."""

from __future__ import annotations

import streamlit as st

from app.charts import CHART_CONFIG, probability_bars
from app.palette import swatch
from app.stills.explanation import show_explanation
from app.stills.tray import TrayPicture
from core.analysis import FaceReading
from core.expression.reading import Reading
from core.expression.wording import looks
from core.stills.still import Still

MOST_PILLS = 10
"""More faces than these are chosen from a list that one can type into."""


def face_key(digest: str) -> str:
    """Of the widget that holds the number of the chosen face of a picture."""
    return f"stills-face-{digest}"


def show_face(picture: TrayPicture, still: Still, sure_from: float) -> None:
    """The chosen face of a picture, with a way to choose another."""
    if not still.faces:
        st.info("No face was found in this picture.", icon=":material/search:")
        return
    number = _choose(picture.digest, len(still.faces))
    face = still.faces[number - 1]
    if face.reading is None:
        st.subheader(f"Face {number}: not read")
        st.info(f"It is {_listed(face)}: too much for a reading.", icon=":material/search:")
    else:
        _show_reading(number, face.reading, sure_from, f"stills-bars-{picture.digest}-{number}")
    st.caption(_quality(face))
    show_explanation(picture, number, face)


def _choose(digest: str, count: int) -> int:
    if count == 1:
        return 1
    numbers = list(range(1, count + 1))
    key = face_key(digest)
    if count > MOST_PILLS:
        return st.selectbox("Face", numbers, key=key)
    st.session_state.setdefault(key, 1)
    return st.pills("Face", numbers, key=key, required=True, wrap=True) or 1


def _show_reading(number: int, reading: Reading, sure_from: float, key: str) -> None:
    words = looks(reading, sure_from)
    per_cent = f"{reading.confidence:.0%}"
    if reading.is_sure(sure_from):
        st.subheader(f"Face {number} {words}")
        st.caption(f"with {per_cent} confidence")
    else:
        st.subheader(f"Face {number}: {words}")
        closest = swatch(reading.top).word.lower()
        st.caption(f"The closest is {closest}, with {per_cent}; a word needs {sure_from:.0%}.")
    st.plotly_chart(
        probability_bars(reading, sure_from),
        key=key,
        config=CHART_CONFIG,
        alt=", ".join(
            f"{swatch(label).word} {share:.0%}"
            for label, share in zip(reading.labels, reading.probabilities, strict=True)
        ),
    )


def _quality(face: FaceReading) -> str:
    across = f"{face.quality.face_px:.0f} pixels across"
    if not face.quality.notes:
        return f"Good to read: {across}, sharp enough, well lit."
    return f"Hard to read: {_listed(face)}; {across}. Take the word with care."


def _listed(face: FaceReading) -> str:
    return ", ".join(face.quality.notes) or "hard to read"
