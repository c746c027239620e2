"""Single pictures through the browser's camera input, where no live picture is possible."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.composition import toolbox
from core.analysis import FaceReading
from core.expression.wording import looks
from core.monitoring.settings import AnalysisSettings
from core.stills.annotated import annotated
from core.stills.still import StillReader
from core.vision.jpeg import as_jpeg
from core.vision.photo import decode_photo

READ_KEY = "live-snapshot-read"


@dataclass(frozen=True)
class _Snapshot:
    """A picture that was read, kept so that a refresh of the page does not read it again."""

    file_id: str
    settings: AnalysisSettings
    jpeg: bytes
    sentences: tuple[str, ...]


def offer_snapshot(settings: AnalysisSettings) -> None:
    """A camera input that opens when asked for; its picture is read as on the Stills page.

    Raises:
        ModelError, DetectorError, PhotoError: the picture cannot be read.
    """
    if not st.toggle("Take single pictures instead", key="live-snapshots"):
        return
    photo = st.camera_input("Take a picture", key="live-snapshot", label_visibility="collapsed")
    if photo is None:
        return
    read: _Snapshot | None = st.session_state.get(READ_KEY)
    if read is None or (read.file_id, read.settings) != (photo.file_id, settings):
        read = _read(photo.file_id, photo.getvalue(), settings)
        st.session_state[READ_KEY] = read
    st.image(read.jpeg, width="stretch", alt="The picture with every face marked")
    for sentence in read.sentences:
        st.markdown(sentence)


def _read(file_id: str, data: bytes, settings: AnalysisSettings) -> _Snapshot:
    image_bgr = decode_photo(data, "The picture")
    tools = toolbox()
    classifier = tools.load_classifier(settings.model)
    still = StillReader(settings.detector, tools.build_detector, classifier).read(image_bgr)
    return _Snapshot(
        file_id,
        settings,
        as_jpeg(annotated(image_bgr, still, settings.sure_from)),
        tuple(
            _sentence(number, face, settings.sure_from)
            for number, face in enumerate(still.faces, start=1)
        )
        or ("No face was found in this picture.",),
    )


def _sentence(number: int, face: FaceReading, sure_from: float) -> str:
    if face.reading is None:
        return f"Face {number} cannot be read: {', '.join(face.quality.notes)}."
    words = looks(face.reading, sure_from)
    return f"**Face {number} {words}**, with {face.reading.confidence:.0%} confidence."
