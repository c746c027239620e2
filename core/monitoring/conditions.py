"""What to tell the person about the picture itself."""

from __future__ import annotations

from enum import StrEnum

from core.monitoring.observation import Observation
from core.monitoring.worker import CameraState
from core.vision.quality import QualityNote

LOST_AFTER_S = 3.0
"""Without a frame for this long, the connection counts as lost."""

DARK_BELOW = 45.0
"""Mean grey level of a whole picture below which a missing face is put down to the light."""


class Condition(StrEnum):
    """Designed states of a running camera, one at a time."""

    WAITING = "waiting for the first picture"
    LOST = "connection lost"
    FAILING = "analysis failing"
    TOO_DARK = "too dark"
    TOO_FAR = "too far"
    UNREADABLE = "face not readable"
    NO_FACE = "no face"
    SEVERAL = "several faces"
    GOOD = "good"


def judge(camera: CameraState) -> Condition:
    """The most telling condition: what stops everything comes before what hinders."""
    age_s = camera.health.frame_age_s
    if age_s is not None and age_s > LOST_AFTER_S:
        return Condition.LOST
    if camera.trouble is not None:
        return Condition.FAILING
    if camera.observation is None:
        return Condition.WAITING
    return _judge_picture(camera.observation)


def _judge_picture(observation: Observation) -> Condition:
    readable = [face for face in observation.faces if face.quality.readable]
    notes = {note for face in observation.faces for note in face.quality.notes}
    if len(readable) > 1:
        return Condition.SEVERAL
    if readable:
        return Condition.GOOD
    if observation.brightness < DARK_BELOW or QualityNote.TOO_DARK in notes:
        return Condition.TOO_DARK
    if QualityNote.TOO_SMALL in notes:
        return Condition.TOO_FAR
    return Condition.UNREADABLE if observation.faces else Condition.NO_FACE
