"""Pictures as JPEG files, in memory."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from core.vision.frame import ImageBgr


def as_jpeg(image_bgr: ImageBgr, longest_px: int | None = None) -> bytes:
    """Encoded, and made smaller where a side is longer than asked for."""
    picture = Image.fromarray(np.ascontiguousarray(image_bgr[:, :, ::-1]))
    if longest_px is not None:
        picture.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
