"""Pictures with every face boxed and numbered."""

from __future__ import annotations

from core.analysis import FaceReading
from core.expression.palette import UNSURE_HEX, rgb, swatch
from core.expression.wording import MAY_BE_IN_PAIN, looks
from core.stills.still import Still
from core.vision.annotate import FaceMark, draw_faces
from core.vision.frame import ImageBgr

MOST_WORDS = 12
"""With more faces than these, only numbers are drawn: words would cover the neighbours."""


def annotated(image_bgr: ImageBgr, still: Still, sure_from: float) -> ImageBgr:
    """A copy with all faces marked.

    Args:
        image_bgr: the upright picture, in any size.
        still: what was found in it, in pixels of the full size.
        sure_from: confidence from which a word is written.
    """
    scale = image_bgr.shape[1] / still.size_px[0]
    wordy = len(still.faces) <= MOST_WORDS
    return draw_faces(
        image_bgr,
        [
            _mark(number, face, scale, sure_from, wordy)
            for number, face in enumerate(still.faces, start=1)
        ],
    )


def _mark(number: int, face: FaceReading, scale: float, sure_from: float, wordy: bool) -> FaceMark:
    words, colour_hex, share = _look(face, sure_from)
    title = f"{number} · {words}" if wordy else str(number)
    return FaceMark(face.box.scaled(scale), title, share, rgb(colour_hex))


def _look(face: FaceReading, sure_from: float) -> tuple[str, str, float | None]:
    """Words, colour and length of the bar."""
    if face.reading is None:
        return "not read", UNSURE_HEX, None
    if face.may_be_in_pain and face.watched is not None:
        return MAY_BE_IN_PAIN, swatch("pain").colour_hex, face.watched.probability("pain")
    sure = face.reading.is_sure(sure_from)
    colour_hex = swatch(face.reading.top).colour_hex if sure else UNSURE_HEX
    return looks(face.reading, sure_from), colour_hex, face.reading.confidence
