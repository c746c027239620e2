"""Video files made up for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

FPS = 25


def write_clip(path: Path, images_bgr: Iterable[npt.NDArray[np.uint8]]) -> Path:
    """Writes uint8 (480, 640, 3) pictures as an MP4 with 25 of them a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for image_bgr in images_bgr:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image_bgr, "bgr24")))
        container.mux(stream.encode())
    return path


def write_shades(path: Path, *greys: int) -> Path:
    """A clip with one frame for each grey level."""
    return write_clip(path, (np.full((480, 640, 3), grey, np.uint8) for grey in greys))
