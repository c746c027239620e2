"""The analysis of one camera, frame after frame."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.analysis import FaceReading, read_faces
from core.clock import Clock
from core.errors import ModelError
from core.expression.classifier import ExpressionClassifier
from core.monitoring.memory import PeopleMemory
from core.monitoring.observation import Observation, ObservedFace
from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind, Face, FaceDetector
from core.vision.frame import Frame
from core.vision.motion import MotionMeter
from core.vision.quality import scene_brightness
from core.vision.tracker import FaceTracker, TrackedFace

LOGGER = logging.getLogger(__name__)

ALERT_MODEL = "pain"
"""Reads every face beside the chosen model, so that choosing another one changes no alert."""

REFERENCE_WIDTH_PX = 640
"""Width of the picture in which the smallest face is given; browsers change it in mid-stream."""

LOOK_BELOW = 0.8
"""The detector looks for faces down to this share of the smallest, to be able to say "too far"."""


@dataclass(frozen=True)
class Toolbox:
    """How an analyser gets its parts; each camera builds its own.

    Attributes:
        build_detector: from a kind and the smallest face, in pixels of a 640-wide picture;
            raises DetectorError.
        load_classifier: from a model's name; raises ModelError.
    """

    build_detector: Callable[[DetectorKind, int], FaceDetector]
    load_classifier: Callable[[str], ExpressionClassifier]


class FaceAnalyser:
    """Finds, follows, judges and reads the faces of one camera. Belongs to one thread.

    Args:
        toolbox: builds the parts.
        clock: dates the observations.
        alert_model: name of the model that reads for the alert; None for none.
    """

    def __init__(self, toolbox: Toolbox, clock: Clock, alert_model: str | None = None) -> None:
        self._toolbox = toolbox
        self._clock = clock
        self._alert_model = alert_model
        self._watcher: ExpressionClassifier | None = None
        self._watch_trouble: str | None = None
        self._motion = MotionMeter()
        self._detector: FaceDetector | None = None
        self._detector_choice: tuple[DetectorKind, int] | None = None
        self._classifier: ExpressionClassifier | None = None
        self._classifier_choice: str | None = None
        self._tracker = FaceTracker()
        self._people = PeopleMemory()

    def analyse(self, frame: Frame, settings: AnalysisSettings) -> Observation:
        """Everything that can be said of one frame.

        Raises:
            ModelError: the model's folder cannot be used.
            DetectorError: the detector cannot be built or fails.
        """
        image_bgr = frame.image_bgr
        height_px, width_px = image_bgr.shape[:2]
        detector = self._detector_for(settings)
        classifier = self._classifier_for(settings.model)
        scale = width_px / REFERENCE_WIDTH_PX
        tracked = self._follow(detector.detect(image_bgr), scale, frame.captured_s)
        smallest_face_px = settings.smallest_face_px * scale
        boxes = [face.box for face in tracked]
        watcher = self._watcher_beside(classifier, settings.model)
        read = read_faces(image_bgr, boxes, classifier, smallest_face_px, watcher)
        faces = self._observe(tracked, read, frame.captured_s, settings.sure_from)
        brightness = scene_brightness(image_bgr)
        finished_s = self._clock.monotonic_s()
        return Observation(
            sequence=frame.sequence,
            captured_s=frame.captured_s,
            finished_s=finished_s,
            taken_utc=self._clock.now_utc() - timedelta(seconds=finished_s - frame.captured_s),
            frame_size=(width_px, height_px),
            brightness=brightness,
            faces=faces,
            motion=self._motion.measure(image_bgr),
            watch_trouble=self._watch_trouble,
        )

    def _detector_for(self, settings: AnalysisSettings) -> FaceDetector:
        choice = (settings.detector, round(settings.smallest_face_px * LOOK_BELOW))
        if self._detector is None or choice != self._detector_choice:
            self._detector = self._toolbox.build_detector(*choice)
            self._detector_choice = choice
        return self._detector

    def _classifier_for(self, model: str) -> ExpressionClassifier:
        if self._classifier is None or model != self._classifier_choice:
            self._classifier = self._toolbox.load_classifier(model)
            self._classifier_choice = model
            self._people.forget_all()
        return self._classifier

    def _watcher_beside(
        self, chosen: ExpressionClassifier, model: str
    ) -> ExpressionClassifier | None:
        if model == self._alert_model:
            return chosen
        if self._alert_model is not None and self._watcher is None and self._watch_trouble is None:
            try:
                self._watcher = self._toolbox.load_classifier(self._alert_model)
            except ModelError as error:
                LOGGER.error("The alert model does not run: %s", error.cause)
                self._watch_trouble = (
                    f"{error.sentence} Until it is, alerts go by the chosen model alone, and most "
                    "models do not know pain."
                )
        return self._watcher

    def _follow(
        self, faces: Sequence[Face], scale: float, captured_s: float
    ) -> tuple[TrackedFace, ...]:
        # Trap: a busy browser sends smaller pictures for a while. In pixels of the picture
        # everybody would then be somewhere else, and get a new number.
        found = [replace(face, box=face.box.scaled(1 / scale)) for face in faces]
        tracked = self._tracker.update(found, captured_s)
        return tuple(replace(face, box=face.box.scaled(scale)) for face in tracked)

    def _observe(
        self,
        tracked: Sequence[TrackedFace],
        read: Sequence[FaceReading],
        captured_s: float,
        sure_from: float,
    ) -> tuple[ObservedFace, ...]:
        faces = []
        for face, found in zip(tracked, read, strict=True):
            person = self._people.seen(face.track_id, captured_s)
            if found.reading is not None:
                person.take(found.reading, captured_s)
            faces.append(
                ObservedFace(
                    track_id=face.track_id,
                    box=found.box,
                    quality=found.quality,
                    raw=found.reading,
                    smoothed=person.smoothed,
                    label=person.label(sure_from),
                    watched=found.watched,
                )
            )
        self._people.forget_the_gone(captured_s)
        return tuple(sorted(faces, key=lambda face: -face.box.area_px))
