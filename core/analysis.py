"""From the faces of one picture to their readings: the step that Live and Stills share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.expression.classifier import ExpressionClassifier
from core.expression.reading import Reading
from core.expression.wording import PAIN_FROM
from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageBgr, ImageGrey
from core.vision.quality import Quality, QualityNote, assess


@dataclass(frozen=True)
class FaceReading:
    """One face of one picture.

    Attributes:
        box: as it was given, in pixels of the picture.
        quality: what was measured on the face.
        reading: None where the face is not good enough to be read.
        watched: what a second classifier says of the same crop; None without one.
    """

    box: Box
    quality: Quality
    reading: Reading | None
    watched: Reading | None = None

    @property
    def may_be_in_pain(self) -> bool:
        """By the second classifier, where that is asked and knows pain."""
        return self.watched is not None and self.watched.probability("pain") >= PAIN_FROM


def read_faces(
    image_bgr: ImageBgr,
    boxes: Sequence[Box],
    classifier: ExpressionClassifier,
    smallest_face_px: float = 0.0,
    watcher: ExpressionClassifier | None = None,
) -> tuple[FaceReading, ...]:
    """Measure every face and read all readable ones in a single call of each classifier.

    Args:
        image_bgr: uint8 (height, width, 3); it is not changed.
        boxes: around the faces, in pixels of the picture.
        classifier: belongs to the calling thread.
        smallest_face_px: smaller faces are noted as too small and not read.
        watcher: reads the same faces for the alert; may be the same object as `classifier`.

    Returns:
        One per box, in the order given.
    """
    qualities = [_limited(assess(image_bgr, box), smallest_face_px) for box in boxes]
    good = [box for box, quality in zip(boxes, qualities, strict=True) if quality.readable]
    crops = _crops(image_bgr, good, classifier.input_px)
    shown = _read(classifier, crops)
    watched: Sequence[Reading | None] = [None] * len(good)
    if watcher is classifier:
        watched = shown
    elif watcher is not None:
        same = watcher.input_px == classifier.input_px
        watched = _read(watcher, crops if same else _crops(image_bgr, good, watcher.input_px))
    readings = iter(zip(shown, watched, strict=True))
    return tuple(
        FaceReading(box, quality, *(next(readings) if quality.readable else (None, None)))
        for box, quality in zip(boxes, qualities, strict=True)
    )


def _crops(image_bgr: ImageBgr, boxes: Sequence[Box], side_px: int) -> list[ImageGrey]:
    return [crop_grey(image_bgr, box, side_px) for box in boxes]


def _read(classifier: ExpressionClassifier, crops: Sequence[ImageGrey]) -> tuple[Reading, ...]:
    return classifier.classify(crops) if crops else ()


def _limited(quality: Quality, smallest_face_px: float) -> Quality:
    if quality.face_px >= smallest_face_px:
        return quality
    others = tuple(note for note in quality.notes if note is not QualityNote.TOO_SMALL)
    return replace(quality, notes=(QualityNote.TOO_SMALL, *others), readable=False)
