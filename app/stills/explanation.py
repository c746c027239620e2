"""What the model looked at in one face, laid over it as heat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from app.composition import toolbox
from app.palette import swatch
from app.stills.tray import TrayPicture
from app.words import plain
from core.analysis import FaceReading
from core.errors import MienError
from core.expression.saliency import SaliencyMap, saliency
from core.vision.crop import crop_bgr, crop_grey
from core.vision.frame import ImageBgr
from core.vision.jpeg import as_jpeg
from core.vision.photo import decode_photo

_CACHE = "stills-explanations"
_SIDE_PX = 480
_OPACITY = 0.55

# Cividis (Nuñez et al. 2018, doi 10.1371/journal.pone.0199239), made to read the same with every
# kind of colour vision: from dark blue to yellow, ever brighter.
_STOPS_RGB = np.array(
    [(0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102), (254, 232, 56)],
    dtype=np.float32,
)
_LEGEND = """<div style="display:flex;align-items:center;gap:0.6rem;font-size:0.875rem">
<span>mattered least</span><span style="flex:1;height:0.7rem;border-radius:0.35rem;
background:linear-gradient(90deg,{stops})"></span><span>most</span></div>"""

# Eyes and brows lie above the middle of a face's box, the mouth below. Where the head is tilted
# that is only roughly so: the words name a half only when it holds clearly more.
_CLEARLY = 0.68


@dataclass(frozen=True)
class Explanation:
    """Of one face and label: the picture, and where most of the heat lies, in words."""

    picture_jpeg: bytes
    words: str


def show_explanation(picture: TrayPicture, number: int, face: FaceReading) -> None:
    """A toggle, and while it is on the heat over the chosen face for the label shown."""
    if face.reading is None:
        return
    if not st.toggle(
        "Show what the model looked at",
        key="stills-explain",
        help="Hides one patch of the face after another and watches how far the reading falls.",
    ):
        return
    word = swatch(face.reading.top).word.lower()
    try:
        found = _explanation(picture, number, face)
    except MienError as error:
        st.warning(plain(error.sentence), icon=":material/warning:")
        return
    st.image(found.picture_jpeg, width="stretch", alt=f"Face {number}. {found.words}")
    st.html(_LEGEND.format(stops=",".join(f"rgb{tuple(map(int, rgb))}" for rgb in _STOPS_RGB)))
    st.caption(
        f"How much each part speaks for “{word}”: the brighter, the more the reading falls when "
        f"that part is hidden. {found.words}"
    )


def _explanation(picture: TrayPicture, number: int, face: FaceReading) -> Explanation:
    """From the visit's memory, or computed now; forgotten with its picture."""
    cache: dict[tuple[str, int], tuple[TrayPicture, Explanation]]
    cache = st.session_state.setdefault(_CACHE, {})
    key = picture.digest, number
    known = cache.get(key)
    # A picture that was read again, with another model say, is another object.
    if known is None or known[0] is not picture:
        with st.spinner("Looking at each part of the face…"):
            known = cache[key] = picture, _explain(picture, face)
    return known[1]


def forget_explanations(pictures: tuple[TrayPicture, ...]) -> None:
    """Drops what belongs to none of these pictures."""
    cache = st.session_state.get(_CACHE, {})
    for key, (picture, _) in list(cache.items()):
        if not any(picture is kept for kept in pictures):
            del cache[key]


def _explain(picture: TrayPicture, face: FaceReading) -> Explanation:
    classifier = toolbox().load_classifier(picture.read_with.model)
    image_bgr = decode_photo(picture.data, picture.name)
    face_grey = crop_grey(image_bgr, face.box, classifier.input_px)
    label = face.reading.top if face.reading else classifier.labels[0]
    heat = saliency(classifier, face_grey, label)
    shown = heated(crop_bgr(image_bgr, face.box, _SIDE_PX), heat)
    return Explanation(as_jpeg(shown), where(heat))


def heated(face_bgr: ImageBgr, heat: SaliencyMap) -> ImageBgr:
    """The face in grey under the colours of the heat.

    Args:
        face_bgr: uint8 (side, side, 3).
        heat: float32, square, 0 to 1, of any size.
    """
    side_px = len(face_bgr)
    smooth = Image.fromarray(heat).resize((side_px, side_px), Image.Resampling.BICUBIC)
    levels = np.linspace(0, 1, len(_STOPS_RGB))
    colours_bgr = np.stack(
        [np.interp(np.asarray(smooth), levels, stops) for stops in _STOPS_RGB[:, ::-1].T], axis=-1
    )
    grey = face_bgr.mean(axis=2, keepdims=True)
    blended: ImageBgr = (_OPACITY * colours_bgr + (1 - _OPACITY) * grey).astype(np.uint8)
    return blended


def where(heat: SaliencyMap) -> str:
    """In words where most of the heat lies; only what is safe to say of any upright face."""
    total = float(heat.sum())
    if not total:
        return "No part on its own decides this reading."
    upper = float(heat[: len(heat) // 2].sum()) / total
    if upper >= _CLEARLY:
        return "Most of it lies in the upper half of the face: eyes and brows."
    if upper <= 1 - _CLEARLY:
        return "Most of it lies in the lower half of the face: mouth and chin."
    return "It is spread over the upper and the lower half of the face."
