"""Bad cameras: what stands between a rendered face and one that was photographed, and blurs it.

Domain randomisation (Tobin et al. 2017, arXiv 1703.06907): seen through enough different cameras,
a rendered face and a real one differ in nothing that is left to learn but the expression.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Face = npt.NDArray[np.float32]


def degraded(face: Face, worst: float, rng: np.random.Generator) -> Face:
    """A face as a random camera sees it.

    Args:
        face: float32 (side, side), 0 to 255.
        worst: 0 (nothing changes) to 1.
        rng: the only source of chance.

    Returns:
        float32 (side, side), 0 to 255.
    """
    for chance, change in (
        (0.3, _side_light),
        (0.3, _gamma),
        (0.2, _blur),
        (0.2, _few_pixels),
        (0.3, _noise),
    ):
        if rng.random() < chance * worst:
            face = change(face, rng)
    return np.clip(face, 0, 255)


def with_tones_of(face: Face, other: Face, share: float) -> Face:
    """The face with the other's histogram, mixed with its own in shares: float32 (side, side)."""
    order = np.argsort(face, axis=None, kind="stable")
    matched = np.empty(face.size, np.float32)
    matched[order] = np.sort(other, axis=None)
    return share * matched.reshape(face.shape) + (1 - share) * face


def _side_light(face: Face, rng: np.random.Generator) -> Face:
    """A ramp of light across the face, in any direction."""
    steps = np.linspace(-1, 1, face.shape[0], dtype=np.float32)
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.5)
    ramp = np.cos(angle) * steps[np.newaxis, :] + np.sin(angle) * steps[:, np.newaxis]
    lit: Face = np.clip(face * (1 + strength * ramp), 0, 255).astype(np.float32)
    return lit


def _gamma(face: Face, rng: np.random.Generator) -> Face:
    exponent = np.exp(rng.uniform(-0.6, 0.6))
    bent: Face = (255 * (face / 255) ** exponent).astype(np.float32)
    return bent


def _blur(face: Face, rng: np.random.Generator) -> Face:
    """Out of focus, or moving in any direction."""
    if rng.random() < 0.7:
        return cv2.GaussianBlur(face, (0, 0), rng.uniform(0.4, 1.0)).astype(np.float32)
    kernel = np.zeros((5, 5), np.float32)
    across, down = rng.integers(-2, 3, size=2).tolist()
    cv2.line(kernel, (2 - across, 2 - down), (2 + across, 2 + down), 1.0)
    return cv2.filter2D(face, -1, kernel / max(kernel.sum(), 1.0)).astype(np.float32)


def _few_pixels(face: Face, rng: np.random.Generator) -> Face:
    """From farther away."""
    side = face.shape[0]
    fewer = int(side * rng.uniform(0.5, 0.9))
    small = cv2.resize(face, (fewer, fewer), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (side, side), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _noise(face: Face, rng: np.random.Generator) -> Face:
    deviation = rng.uniform(1, 9)
    return face + rng.normal(0, deviation, face.shape).astype(np.float32)
