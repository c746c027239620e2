"""What a classifier looked at: hide one patch of a face at a time and see how far the score falls.

Occlusion (Zeiler and Fergus 2014, arXiv 1311.2901) asks the network itself, so it serves every
classifier. On 100 faces of FER2013's PublicTest it was far more faithful than the class activation
map: while the half of the pixels that it ranks highest was blurred step by step, 26 % of the
probability was left on average, against 47 % for the activation map and 76 % for chance
(`python -m benchmarks.saliency`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from core.expression.classifier import ExpressionClassifier
from core.expression.reading import Reading
from core.vision.frame import ImageGrey

SaliencyMap = npt.NDArray[np.float32]

# A quarter of the face hides a mouth or an eye; a twelfth between patches keeps the map smooth.
_PATCHES_PER_SIDE = 4
_STEPS_PER_PATCH = 3
# Hidden parts are blurred beyond recognition, without the sharp new edges of a flat patch.
_HIDING_SHARE = 1 / 8
# The patches' own edges tell nothing; smoothing them away costs almost no faithfulness.
_SMOOTHING_SHARE = 1 / 20
_BATCH = 16


def saliency(classifier: ExpressionClassifier, face_grey: ImageGrey, label: str) -> SaliencyMap:
    """How much each part of a face speaks for a label.

    Args:
        classifier: belongs to the calling thread; it reads 144 variants of the face, in batches.
        face_grey: uint8 (side, side), as the classifier takes it.
        label: of the classifier's label set.

    Returns:
        float32 (side, side); 1 where hiding lowers the label's probability most, 0 where it does
        not lower it. All 0 where no part speaks for the label.
    """
    patches = _patches(classifier.input_px)
    hidden = list(np.where(patches, blurred(face_grey), face_grey))
    (whole,) = classifier.classify([face_grey])
    readings: list[Reading] = []
    for start in range(0, len(hidden), _BATCH):
        readings += classifier.classify(hidden[start : start + _BATCH])
    drops = np.array([whole.probability(label) - one.probability(label) for one in readings])
    # Each pixel gets the mean drop of the patches that hid it.
    total = np.tensordot(drops, patches.astype(np.float64), axes=1)
    positive = _smoothed(np.maximum(total / patches.sum(axis=0), 0), _SMOOTHING_SHARE)
    heat: SaliencyMap = (positive / max(positive.max(), 1e-9)).astype(np.float32)
    return heat


def without_window(
    face_grey: ImageGrey, heat: SaliencyMap, window_px: int, *, most: bool
) -> ImageGrey:
    """The face with its most, or its least, salient square window hidden; to judge a map by.

    Args:
        face_grey: uint8 (side, side).
        heat: of the same shape.
        window_px: side of the window.
        most: the window with the highest mean; else the one with the lowest.
    """
    windows = np.lib.stride_tricks.sliding_window_view(heat, (window_px, window_px))
    means = windows.mean(axis=(2, 3))
    top, left = np.unravel_index(means.argmax() if most else means.argmin(), means.shape)
    window = np.s_[top : top + window_px, left : left + window_px]
    hidden = face_grey.copy()
    hidden[window] = blurred(face_grey)[window]
    return hidden


def blurred(face_grey: ImageGrey) -> ImageGrey:
    """A face without its features: what hidden parts of it are filled with."""
    return _smoothed(face_grey, _HIDING_SHARE).astype(np.uint8)


def _smoothed(values: npt.NDArray[Any], share: float) -> npt.NDArray[np.float64]:
    """A square under a Gaussian whose deviation is this share of its side."""
    side_px = len(values)
    distance_px = np.subtract.outer(np.arange(side_px), np.arange(side_px))
    weights = np.exp(-0.5 * (distance_px / (side_px * share)) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    smooth: npt.NDArray[np.float64] = weights @ values @ weights.T
    return smooth


def _patches(side_px: int) -> npt.NDArray[np.bool_]:
    """Masks of all patches, (n, side, side); those at the edge reach beyond it."""
    patch_px = side_px / _PATCHES_PER_SIDE
    step_px = patch_px / _STEPS_PER_PATCH
    centres_px = np.arange(step_px / 2, side_px, step_px)
    pixels = np.arange(side_px) + 0.5
    stripes = np.abs(pixels - centres_px[:, np.newaxis]) <= patch_px / 2
    masks = stripes[:, np.newaxis, :, np.newaxis] & stripes[np.newaxis, :, np.newaxis, :]
    return masks.reshape(-1, side_px, side_px)
