"""The sidebar's settings. They live on the server; the widgets show and change them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from app.composition import model_cards, settings_store, usable_model, why_unusable
from app.model_cards.titles import titles
from app.settings import PLACE_LETTERS, SMALLEST_FACE_PX, SURE_FROM
from app.words import plain
from core.monitoring.settings import AnalysisSettings
from core.vision.detectors import yunet_is_available
from core.vision.face import DetectorKind

_DETECTORS = {
    DetectorKind.HAAR_WITH_RESCUE: "Haar, then YuNet",
    DetectorKind.HAAR: "Haar only",
    DetectorKind.YUNET: "YuNet only",
}
_WITHOUT_YUNET = {
    DetectorKind.HAAR_WITH_RESCUE: ", so Haar works alone",
    DetectorKind.YUNET: ": choose another detector, or no face is found",
}
_DETECTOR_HELP = """How faces are found.

- **Haar, then YuNet**: the classic Haar search, and a small neural network that looks again when
  Haar finds nobody or loses someone. The best choice for most.
- **Haar only**: misses faces that are turned or partly covered.
- **YuNet only**: steady boxes; also finds small and tilted faces."""


def analysis_sidebar(*, live: bool, video: bool = False) -> AnalysisSettings:
    """The settings as widgets; what only a live picture or a video needs is left out elsewhere.

    Returns:
        What applies now, with a model that is installed.

    Raises:
        ModelError: no model is installed.
    """
    store = settings_store()
    with st.sidebar:
        st.subheader("Settings")
        if store.trouble:
            st.warning(store.trouble, icon=":material/warning:")
        settings = _model(store.current)
        _detector(settings)
        if live or video:
            _smallest_face(settings)
        _sure_from(settings)
        if live:
            _picture(settings)
            _place(settings)
    return settings


def _model(settings: AnalysisSettings) -> AnalysisSettings:
    usable = replace(settings, model=usable_model(settings.model))
    cards = {card.name: card for card in model_cards()}
    st.selectbox(
        "Model",
        list(cards),
        format_func=titles(tuple(cards.values())).__getitem__,
        help="What reads the expression of a face once it was found.",
        **_bound("model", usable.model),
    )
    if trouble := why_unusable(settings.model):
        st.caption(plain(f"{trouble} This one is used instead."))
    st.caption(plain(cards[usable.model].description))
    return usable


def _detector(settings: AnalysisSettings) -> None:
    st.selectbox(
        "Face detector",
        list(_DETECTORS),
        format_func=_DETECTORS.__getitem__,
        help=_DETECTOR_HELP,
        **_bound("detector", settings.detector),
    )
    if settings.detector in _WITHOUT_YUNET and not yunet_is_available():
        st.caption(f"YuNet's file is not installed here{_WITHOUT_YUNET[settings.detector]}.")


def _smallest_face(settings: AnalysisSettings) -> None:
    st.slider(
        "Smallest face",
        *SMALLEST_FACE_PX,
        step=4,
        format="%d px",
        help="Smaller faces are ignored: people in the background, pictures on the wall. "
        "Measured in a picture 640 pixels wide.",
        **_bound("smallest_face_px", settings.smallest_face_px),
    )


def _sure_from(settings: AnalysisSettings) -> None:
    st.slider(
        "“Not sure” below",
        *SURE_FROM,
        step=0.05,
        format="percent",
        help="When no expression reaches this confidence, the page says “not sure” instead of a "
        "guess.",
        **_bound("sure_from", settings.sure_from),
    )


def _picture(settings: AnalysisSettings) -> None:
    st.toggle(
        "Mirror the picture",
        help="Show yourself as a mirror would. It changes nothing in the reading.",
        **_bound("mirror", settings.mirror),
    )
    st.toggle(
        "Save power",
        help="Read the camera but send no picture back, from the next START on. Kind to old "
        "tablets and batteries.",
        **_bound("power_saving", settings.power_saving),
    )


def _place(settings: AnalysisSettings) -> None:
    st.text_input(
        "Name of the room",
        max_chars=PLACE_LETTERS,
        placeholder="Camera",
        help="What messages to carers call the camera, for instance “Kitchen”.",
        **_bound("place", settings.place),
    )


def _bound(name: str, value: object) -> dict[str, Any]:
    """Key and callback that tie a widget to one setting.

    Streamlit forgets a widget's value when the page changes, so the server's value is written
    into it before it is drawn; its own change comes back through the callback, which runs first.
    """
    key = f"setting-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": _keep, "args": (name, key)}


def _keep(name: str, key: str) -> None:
    store = settings_store()
    store.keep(replace(store.current, **{name: st.session_state[key]}))
