"""Pictures with every face boxed and numbered."""

from __future__ import annotations

from core.analysis import FaceReading
from core.expression.palette import UNSURE_HEX, rgb, swatch
from core.expression.wording import looks
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
    words = looks(face.reading, sure_from) if face.reading else "not read"
    sure = face.reading is not None and face.reading.is_sure(sure_from)
    colour_hex = swatch(face.reading.top).colour_hex if face.reading and sure else UNSURE_HEX
    return FaceMark(
        face.box.scaled(scale),
        f"{number} · {words}" if wordy else str(number),
        face.reading.confidence if face.reading else None,
        rgb(colour_hex),
    )
