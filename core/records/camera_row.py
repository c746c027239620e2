"""Which connection of a camera seconds belong to."""

from __future__ import annotations

from dataclasses import dataclass

from core.monitoring.settings import SURE_FROM
from core.records.session import SessionSource


@dataclass(frozen=True)
class CameraRow:
    """One connection of a camera: what `at_s` and track ids count within.

    Attributes:
        id: of the connection.
        name: of the camera, for people.
        model: whose readings are shown. Another one begins another connection.
        sure_from: confidence from which a word is said.
        source: where the pictures come from.
    """

    id: str
    name: str
    model: str = ""
    sure_from: float = SURE_FROM
    source: SessionSource = SessionSource.CAMERA
