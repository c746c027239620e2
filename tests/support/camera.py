"""Video files that Chromium shows as a camera: concatenated JPEGs, 640×480 at 30 a second."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
from skimage.data import astronaut

from core.training.synthetic.storyboard import section_at

FPS = 30
SIZE = (640, 480)
"""Width and height in pixels."""

_DEMO_CLIP = Path(__file__).parents[2] / "app/assets/demo_face.mp4"
_SETTLED_S = 1.0

_FACE_X, _FACE_Y = 224, 118
"""Centre of the face in the 512×512 portrait of Eileen Collins (NASA, public domain)."""


def write_camera(path: Path, images_bgr: Iterable[npt.NDArray[np.uint8]]) -> Path:
    """Writes uint8 (480, 640, 3) pictures as the MJPEG that Chromium plays in a loop at 30 fps."""
    with path.open("wb") as file:
        for image_bgr in images_bgr:
            # Chromium takes the JPEG's full range for video range and stretches it.
            video_range = cv2.convertScaleAbs(image_bgr, alpha=219 / 255, beta=16)
            _, jpeg = cv2.imencode(".jpg", video_range, [cv2.IMWRITE_JPEG_QUALITY, 90])
            file.write(jpeg.tobytes())
    return path


def portrait_frames(seconds: float = 6) -> Iterator[npt.NDArray[np.uint8]]:
    """One face, slowly panned and zoomed (about 130 to 200 px), ending where it began."""
    portrait_bgr = cv2.cvtColor(astronaut(), cv2.COLOR_RGB2BGR)
    count = round(seconds * FPS)
    for index in range(count):
        turn = 2 * math.pi * index / count
        width = 400 + 80 * math.cos(turn)
        yield _window(portrait_bgr, _FACE_X + 30 * math.sin(turn), _FACE_Y + 20, width)


def demo_frames(*labels: str) -> Iterator[npt.NDArray[np.uint8]]:
    """The demo's face while it shows these expressions, without the change from one to another."""
    with av.open(str(_DEMO_CLIP)) as container:
        stream = container.streams.video[0]
        times_each = round(FPS / float(stream.average_rate or FPS))
        for frame in container.decode(stream):
            section = section_at(frame.time)
            if section.label in labels and section_at(frame.time - _SETTLED_S) is section:
                image_bgr = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                yield from (image_bgr for _ in range(times_each))


def plain_frames(grey: int, seconds: float = 1) -> Iterator[npt.NDArray[np.uint8]]:
    """A picture without anybody, of one grey level (0 to 255): an empty or a dark room."""
    for _ in range(round(seconds * FPS)):
        yield np.full((SIZE[1], SIZE[0], 3), grey, np.uint8)


def _window(
    image_bgr: npt.NDArray[np.uint8], centre_x: float, centre_y: float, width: float
) -> npt.NDArray[np.uint8]:
    """A 4:3 window of the picture around a point, kept inside its edges."""
    height = width * SIZE[1] / SIZE[0]
    left = min(max(centre_x - width / 2, 0), image_bgr.shape[1] - width)
    top = min(max(centre_y - height / 2, 0), image_bgr.shape[0] - height)
    scale = SIZE[0] / width
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    return np.asarray(cv2.warpAffine(image_bgr, matrix, SIZE), np.uint8)
