"""Whether a face is good enough to be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
