"""Random changes to training faces: rotation, shear, zoom, shift, flip, light, erasing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Augmentation:
    """How far a training face may be changed. All ranges are symmetric and uniform.

    Attributes:
        rotate_deg: rotation about the centre.
        shear: horizontal shear, as a share of the height.
        zoom: scale is drawn from 1 - zoom to 1 + zoom.
        shift: in both directions, as a share of the side.
        flip: mirror half of the faces.
        contrast: gain is drawn from 1 - contrast to 1 + contrast, about the mean.
        erase: share of faces that get one rectangle of noise (Zhong et al. 2017, arXiv 1708.04896).
    """

    rotate_deg: float = 10.0
    shear: float = 0.08
    zoom: float = 0.1
    shift: float = 0.06
    flip: bool = True
    contrast: float = 0.2
    erase: float = 0.25


def augment_batch(
    images_grey: npt.NDArray[np.uint8],
    augmentation: Augmentation,
    crop_px: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float32]:
    """Changed copies of a batch, cropped about the centre.

    Args:
        images_grey: uint8 (n, side, side).
        augmentation: the ranges.
        crop_px: side of the crop; at most the side of the images.
        rng: the only source of chance, so that a resumed run repeats itself.

    Returns:
        float32 (n, crop_px, crop_px, 1), 0 to 255.
    """
    changed = np.stack([_augment(image, augmentation, crop_px, rng) for image in images_grey])
    return changed[..., np.newaxis]


def centre_crop(images_grey: npt.NDArray[np.uint8], crop_px: int) -> npt.NDArray[np.float32]:
    """The unchanged faces in the shape that the network takes: float32 (n, crop_px, crop_px, 1)."""
    start = (images_grey.shape[1] - crop_px) // 2
    window = images_grey[:, start : start + crop_px, start : start + crop_px]
    return window[..., np.newaxis].astype(np.float32)


def _augment(
    image_grey: npt.NDArray[np.uint8],
    augmentation: Augmentation,
    crop_px: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float32]:
    matrix = _random_affine(image_grey.shape[0], augmentation, crop_px, rng)
    warped = cv2.warpAffine(
        image_grey,
        matrix,
        (crop_px, crop_px),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    gain = 1 + augmentation.contrast * rng.uniform(-1, 1)
    mean = warped.mean()
    lit: npt.NDArray[np.float32] = np.clip((warped - mean) * gain + mean, 0, 255)
    if rng.random() < augmentation.erase:
        _erase_rectangle(lit, rng)
    return lit


def _random_affine(
    side_px: int, augmentation: Augmentation, crop_px: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """The 2x3 matrix from the whole face to a changed crop of it."""
    angle = np.deg2rad(augmentation.rotate_deg) * rng.uniform(-1, 1)
    scale = 1 + augmentation.zoom * rng.uniform(-1, 1)
    shear = augmentation.shear * rng.uniform(-1, 1)
    shift_px = side_px * augmentation.shift * rng.uniform(-1, 1, size=2)
    mirror = -1.0 if augmentation.flip and rng.random() < 0.5 else 1.0
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.array([[mirror, shear], [0.0, 1.0]])
    source_centre = np.full(2, (side_px - 1) / 2)
    target_centre = np.full(2, (crop_px - 1) / 2)
    offset = target_centre + shift_px - linear @ source_centre
    return np.column_stack([linear, offset])


def _erase_rectangle(image: npt.NDArray[np.float32], rng: np.random.Generator) -> None:
    side_px = image.shape[0]
    height, width = rng.integers(side_px // 8, side_px // 3, size=2)
    top, left = rng.integers(0, side_px - height), rng.integers(0, side_px - width)
    image[top : top + height, left : left + width] = rng.uniform(0, 255, size=(height, width))
