"""What a person may choose about the analysis."""

from __future__ import annotations

from dataclasses import dataclass

from core.vision.face import DetectorKind

SURE_FROM = 0.45
"""Confidence below which the product says "not sure", as long as nobody chose another one."""


@dataclass(frozen=True)
class AnalysisSettings:
    """One choice of everything; frozen, so that a worker can compare it with the last one.

    Attributes:
        model: name of the folder under `models/`.
        detector: how faces are found.
        smallest_face_px: faces smaller than this, in pixels of a 640-wide picture, are ignored.
        sure_from: confidence below which the product says "not sure".
        mirror: show the picture as a mirror would.
        power_saving: analyse, but send no picture back.
        place: the name of the cameras' room, for messages to carers; "" for none.
    """

    model: str = "mien7"
    detector: DetectorKind = DetectorKind.HAAR_WITH_RESCUE
    smallest_face_px: int = 60
    sure_from: float = SURE_FROM
    mirror: bool = True
    power_saving: bool = False
    place: str = ""
