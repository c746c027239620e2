"""Whether a face is good enough to be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2

from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageBgr


class QualityNote(StrEnum):
    """Why a face is hard to read."""

    TOO_SMALL = "too small"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    BLURRED = "blurred"
    CUT_OFF = "cut off by the edge"


@dataclass(frozen=True)
class Quality:
    """What was measured on a face.

    Attributes:
        face_px: the shorter side of its box.
        brightness: mean grey level, 0 to 255.
        sharpness: variance of the Laplacian on the face at a fixed size (Pech-Pacheco et al. 2000).
        notes: what is wrong, worst first; empty on a good face.
        readable: whether an expression should be read at all.
    """

    face_px: float
    brightness: float
    sharpness: float
    notes: tuple[QualityNote, ...] = ()
    readable: bool = True


_SIDE_PX = 64


def assess(image_bgr: ImageBgr, box: Box) -> Quality:
    """Measure one face in its picture."""
    face_px = min(box.width_px, box.height_px)
    face_grey = crop_grey(image_bgr, box, _SIDE_PX)
    brightness = float(face_grey.mean())
    sharpness = float(cv2.Laplacian(face_grey, cv2.CV_32F).var())
    inside = _share_inside(box, image_bgr.shape[1], image_bgr.shape[0])
    judged = (
        (QualityNote.TOO_SMALL, face_px < 40, face_px < 24),
        (QualityNote.TOO_DARK, brightness < 45, brightness < 20),
        (QualityNote.TOO_BRIGHT, brightness > 225, brightness > 245),
        (QualityNote.CUT_OFF, inside < 0.9, inside < 0.65),
        (QualityNote.BLURRED, sharpness < 40, sharpness < 10),
    )
    return Quality(
        face_px,
        brightness,
        sharpness,
        notes=tuple(note for note, noticed, _ in judged if noticed),
        readable=not any(hopeless for *_, hopeless in judged),
    )


def scene_brightness(image_bgr: ImageBgr) -> float:
    """Mean grey level of the whole picture, 0 to 255."""
    return float(cv2.cvtColor(image_bgr[::4, ::4], cv2.COLOR_BGR2GRAY).mean())


def _share_inside(box: Box, width_px: int, height_px: int) -> float:
    width = min(box.right, width_px) - max(box.left, 0)
    height = min(box.bottom, height_px) - max(box.top, 0)
    return max(0.0, width) * max(0.0, height) / max(box.area_px, 1e-9)
