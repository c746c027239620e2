"""The picture that goes with an alert."""

from __future__ import annotations

from dataclasses import dataclass

from core.alerts.rule import Rule, WatchRule
from core.expression.palette import ALERT_HEX, rgb
from core.monitoring.observation import Observation
from core.monitoring.overlay import picture_to_show
from core.vision.annotate import FaceMark, draw_faces
from core.vision.frame import ImageBgr
from core.vision.jpeg import as_jpeg

LONGEST_PX = 640
FORGET_AFTER_S = 30.0
"""A picture of somebody who is gone for longer belongs to no alert any more."""
MOST_PEOPLE = 12


@dataclass(frozen=True, eq=False)
class _Seen:
    observation: Observation
    image_bgr: ImageBgr


class RecentPictures:
    """The newest frame of each person of one camera, in memory alone. Not thread-safe."""

    def __init__(self) -> None:
        self._of_person: dict[int, _Seen] = {}
        self._newest: _Seen | None = None

    def take(self, observation: Observation, image_bgr: ImageBgr) -> None:
        """Keep a frame into which nobody writes, and let go of what is old."""
        self._newest = seen = _Seen(observation, image_bgr)
        for face in observation.faces:
            if face.raw is not None:
                self._of_person.pop(face.track_id, None)  # so that the longest unseen stand first
                self._of_person[face.track_id] = seen
        oldest_s = observation.captured_s - FORGET_AFTER_S
        for track_id, kept in list(self._of_person.items()):
            too_many = len(self._of_person) > MOST_PEOPLE
            if kept.observation.captured_s < oldest_s or too_many:
                del self._of_person[track_id]

    def forget(self) -> None:
        """Keep nothing."""
        self._of_person.clear()
        self._newest = None

    def of_alert(self, rule: Rule, person: int | None) -> bytes | None:
        """JPEG for an alert: the person boxed, or the last picture where the camera is meant."""
        seen = self._newest if person is None else self._of_person.get(person, self._newest)
        if seen is None:
            return None
        marks = [
            FaceMark(face.box, plate_words(rule), None, rgb(ALERT_HEX))
            for face in seen.observation.faces
            if face.track_id == person
        ]
        return as_jpeg(draw_faces(seen.image_bgr, marks), LONGEST_PX)

    def now(self) -> bytes | None:
        """JPEG of the newest picture with everybody's reading; None before the first."""
        if self._newest is None:
            return None
        seen = self._newest
        shown_bgr = picture_to_show(seen.image_bgr, seen.observation, mirror=False)
        return as_jpeg(shown_bgr, LONGEST_PX)


def plate_words(rule: Rule) -> str:
    """What stands at the face of whoever an alert is about."""
    if isinstance(rule, WatchRule):
        return rule.signal.value
    return "may be in pain" if rule.labels == ("pain",) else rule.title
