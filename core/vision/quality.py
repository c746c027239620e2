"""Whether a face is good enough to be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2

from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageBgr, ImageGrey


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
        sharpness: variance of the Laplacian on the face at a fixed size and contrast
            (Pech-Pacheco et al. 2000).
        notes: what is wrong, worst first; empty on a good face.
        readable: whether an expression should be read at all.
    """

    face_px: float
    brightness: float
    sharpness: float
    notes: tuple[QualityNote, ...] = ()
    readable: bool = True


# FER2013's own side: what the classifiers see, so blur counts where it reaches them.
_SIDE_PX = 48
# Enlarged from 32 px, FER2013 faces look slightly soft; from 16 to 20 px, eyes and mouth are blobs.
_SMALL_PX, _TOO_SMALL_PX = 32.0, 20.0
# Of FER2013's faces 0.2 % are darker than 32 and 0.2 % brighter than 220. Dark skin in plain light
# is well above 40: the limits mean the light, not the person.
_DARK, _TOO_DARK = 32.0, 16.0
_BRIGHT, _TOO_BRIGHT = 222.0, 242.0
# At a common contrast, 99.8 % of FER2013's faces are sharper than 330. Blurred by a Gaussian of
# 1 px half of them stay below 120, by 2 px below 20, where a smile is no longer a smile.
_SOFT, _BLURRED = 100.0, 20.0
_CONTRAST, _LEAST_CONTRAST = 50.0, 8.0
# A missing chin or brow is a tenth of the face; without a third, the mouth or an eye is gone.
_CUT, _TOO_CUT = 0.9, 0.67


def assess(image_bgr: ImageBgr, box: Box) -> Quality:
    """Measure one face in its picture; it is unreadable only where reading would be guesswork."""
    face_px = min(box.width_px, box.height_px)
    face_grey = crop_grey(image_bgr, box, _SIDE_PX)
    brightness = float(face_grey.mean())
    sharpness = _sharpness(face_grey)
    inside = _share_inside(box, image_bgr.shape[1], image_bgr.shape[0])
    judged = (
        (QualityNote.TOO_SMALL, face_px < _SMALL_PX, face_px < _TOO_SMALL_PX),
        (QualityNote.TOO_DARK, brightness < _DARK, brightness < _TOO_DARK),
        (QualityNote.TOO_BRIGHT, brightness > _BRIGHT, brightness > _TOO_BRIGHT),
        (QualityNote.CUT_OFF, inside < _CUT, inside < _TOO_CUT),
        (QualityNote.BLURRED, sharpness < _SOFT, sharpness < _BLURRED),
    )
    worst_first = sorted(judged, key=lambda judgement: not judgement[2])
    return Quality(
        face_px,
        brightness,
        sharpness,
        notes=tuple(note for note, noticed, _ in worst_first if noticed),
        readable=not any(hopeless for _, _, hopeless in judged),
    )


def scene_brightness(image_bgr: ImageBgr) -> float:
    """Mean grey level of the whole picture, 0 to 255, from every fourth row and column."""
    return float(cv2.cvtColor(image_bgr[::4, ::4], cv2.COLOR_BGR2GRAY).mean())


def _sharpness(face_grey: ImageGrey) -> float:
    """Variance of the Laplacian at a common contrast, so that dim does not pass for blurred."""
    gain = _CONTRAST / max(float(face_grey.std()), _LEAST_CONTRAST)
    return float(cv2.Laplacian(face_grey, cv2.CV_32F).var()) * gain**2


def _share_inside(box: Box, width_px: int, height_px: int) -> float:
    width = min(box.right, width_px) - max(box.left, 0)
    height = min(box.bottom, height_px) - max(box.top, 0)
    return max(0.0, width) * max(0.0, height) / max(box.area_px, 1e-9)
