"""What is drawn into the live picture."""

from __future__ import annotations

from core.expression.palette import UNSURE_HEX, rgb, swatch
from core.expression.wording import looks_label
from core.monitoring.observation import Observation, ObservedFace
from core.vision.annotate import FaceMark, draw_faces_onto
from core.vision.frame import ImageBgr
from core.vision.mirror import mirrored

UNSURE_RGB = rgb(UNSURE_HEX)


def picture_to_show(
    image_bgr: ImageBgr, observation: Observation | None, *, mirror: bool
) -> ImageBgr:
    """A copy of the frame with every face marked; the frame itself stays as it is.

    The picture is mirrored before anything is drawn, so that words stay readable.
    """
    shown_bgr = mirrored(image_bgr) if mirror else image_bgr.copy()
    if observation is not None:
        width_px = shown_bgr.shape[1]
        draw_faces_onto(shown_bgr, face_marks(observation, width_px, mirror=mirror))
    return shown_bgr


def face_marks(observation: Observation, width_px: int, *, mirror: bool) -> list[FaceMark]:
    """One mark per face, for a picture of this width: the browser may have changed it since."""
    scale = width_px / observation.frame_size[0]
    return [_mark(face, scale, width_px if mirror else None) for face in observation.faces]


def _mark(face: ObservedFace, scale: float, mirror_width_px: int | None) -> FaceMark:
    box = face.box.scaled(scale)
    if mirror_width_px is not None:
        box = box.mirrored(mirror_width_px)
    if face.smoothed is None or not face.quality.readable:
        note = face.quality.notes[0] if face.quality.notes else "looking"
        return FaceMark(box, f"{face.track_id} · {note}", None, UNSURE_RGB)
    title = f"{face.track_id} · {looks_label(face.label)}"
    if face.label is None:
        return FaceMark(box, title, face.smoothed.confidence, UNSURE_RGB)
    confidence = face.smoothed.probability(face.label)
    return FaceMark(box, title, confidence, swatch(face.label).colour_rgb)
