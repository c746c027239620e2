"""From a photo's bytes to the answer that its sender gets: all faces marked and read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from core.analysis import FaceReading
from core.errors import ModelError
from core.expression.classifier import ExpressionClassifier
from core.monitoring.analyser import Toolbox
from core.monitoring.settings import AnalysisSettings
from core.stills.annotated import annotated
from core.stills.still import StillReader
from core.vision.face import DetectorKind
from core.vision.jpeg import as_jpeg
from core.vision.photo import decode_photo

ANSWER_PX = 1600
"""Longer side of the picture that goes back: messengers show no more."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PhotoAnswer:
    """What was found in one photo.

    Attributes:
        picture_jpeg: the photo with every face boxed and numbered, at most `ANSWER_PX` long.
        faces: row by row, left to right; a face's number is its place, counted from 1.
        sure_from: confidence from which a word is said.
    """

    picture_jpeg: bytes
    faces: tuple[FaceReading, ...]
    sure_from: float


class PhotoReader:
    """Reads photos as the Stills page does, one after the other. Any thread may ask it.

    Detector and classifiers are built with the first photo, and anew when other ones were chosen.

    Args:
        toolbox: how they are built.
        settings: what applies now.
        alert_model: reads beside the chosen model, as it does for the alert; None for none.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        settings: Callable[[], AnalysisSettings],
        alert_model: str | None = None,
    ) -> None:
        self._toolbox = toolbox
        self._settings = settings
        self._alert_model = alert_model
        # Detectors and classifiers give wrong answers when two threads use them at once.
        self._one_at_a_time = threading.Lock()
        self._reader: StillReader | None = None
        self._built_for: tuple[str, DetectorKind] | None = None

    def __call__(self, photo: bytes) -> PhotoAnswer:
        """The answer; nothing of the photo is kept.

        Raises:
            PhotoError: it cannot be decoded.
            ModelError, DetectorError: nothing can be read with the chosen settings.
        """
        settings = self._settings()
        image_bgr = decode_photo(photo, "The picture")
        with self._one_at_a_time:
            still = self._reader_for(settings).read(image_bgr)
        marked_bgr = annotated(image_bgr, still, settings.sure_from)
        return PhotoAnswer(as_jpeg(marked_bgr, ANSWER_PX), still.faces, settings.sure_from)

    def _reader_for(self, settings: AnalysisSettings) -> StillReader:
        choice = settings.model, settings.detector
        if self._reader is None or choice != self._built_for:
            self._reader = StillReader(
                settings.detector,
                self._toolbox.build_detector,
                self._toolbox.load_classifier(settings.model),
                self._watcher(),
            )
            self._built_for = choice
        return self._reader

    def _watcher(self) -> ExpressionClassifier | None:
        if self._alert_model is None:
            return None
        try:
            return self._toolbox.load_classifier(self._alert_model)
        except ModelError as error:
            _log.warning("Photos are read without the alert model: %s", error.cause)
            return None
