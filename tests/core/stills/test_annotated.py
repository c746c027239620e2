from __future__ import annotations

import numpy as np

from core.analysis import FaceReading
from core.expression.palette import swatch
from core.expression.reading import Reading
from core.stills.annotated import annotated
from core.stills.still import Still
from core.vision.face import Box
from core.vision.quality import Quality

SIZE_PX = (320, 240)
BOX = Box(110, 90, 210, 190)


def colours_of(pain: float | None) -> set[tuple[int, int, int]]:
    """Red, green, blue in a grey picture, once a face that looks angry is marked."""
    watched = None if pain is None else Reading(("neutral", "pain"), (1 - pain, pain))
    reading = Reading(("angry", "neutral"), (0.9, 0.1))
    face = FaceReading(BOX, Quality(100, 120, 300, (), readable=True), reading, watched)
    image_bgr = np.full((SIZE_PX[1], SIZE_PX[0], 3), 128, dtype=np.uint8)
    marked_bgr = annotated(image_bgr, Still(SIZE_PX, (face,)), 0.45)
    return {tuple(map(int, bgr[::-1])) for bgr in np.unique(marked_bgr.reshape(-1, 3), axis=0)}


def test_a_face_that_may_be_in_pain_is_marked_so_whatever_else_it_looks_like() -> None:
    angry, pain = swatch("angry").colour_rgb, swatch("pain").colour_rgb
    for score, marked, unmarked in ((0.7, pain, angry), (0.2, angry, pain), (None, angry, pain)):
        colours = colours_of(score)
        assert marked in colours
        assert unmarked not in colours
