"""Pictures of one person with made-up expressions, from NASA's public-domain portrait."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from skimage.data import astronaut
from skimage.transform import AffineTransform, warp

LABELS = ("happy", "neutral", "pain")

_MOUTH = (115, 135, 165, 165)
_LOWER_FACE = (105, 75, 180, 165)


def posed(label: str, seed: int) -> bytes:
    """A JPEG of one face, a little moved and lit anew with each seed.

    Happy is as she smiled; neutral has no mouth to speak of; pain has her face below the brows
    upside down: nothing that a person does, but different.
    """
    random = np.random.default_rng(seed)
    face = Image.fromarray(astronaut()[:260, 80:380])
    if label == "neutral":
        mouth = face.crop(_MOUTH)
        face.paste(mouth.resize((6, 4)).resize(mouth.size), _MOUTH[:2])
    elif label == "pain":
        face.paste(
            face.crop(_LOWER_FACE).transpose(Image.Transpose.FLIP_TOP_BOTTOM), _LOWER_FACE[:2]
        )
    moved = warp(
        np.asarray(face),
        AffineTransform(
            scale=random.uniform(0.92, 1.08),
            rotation=random.uniform(-0.08, 0.08),
            translation=random.uniform(-8, 8, 2),
        ).inverse,
        mode="edge",
    )
    lit = moved * random.uniform(0.7, 1.15) + random.normal(0, 0.015, moved.shape)
    buffer = io.BytesIO()
    Image.fromarray((np.clip(lit, 0, 1) * 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
