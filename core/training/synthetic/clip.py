"""Films the demo clip and takes the test pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from core.errors import DatasetError
from core.training.synthetic.action_units import ExpressionPose
from core.training.synthetic.appearance import HeadPose
from core.training.synthetic.face_model import FACE_MODEL_CREDIT
from core.training.synthetic.renderer import PreparedPerson, Renderer
from core.training.synthetic.storyboard import (
    LENGTH_S,
    LIGHT,
    STILLS,
    demo_person,
    pose_at,
    still_person,
)
from core.training.synthetic.view import ImageRgb, View

WIDTH_PX, HEIGHT_PX = 640, 480
FRAMES_PER_S = 15
_DRAWN_WIDTH_PX, _DRAWN_HEIGHT_PX = 960, 720  # reduced afterwards, which smooths edges
_VIEW = View((0.0, -2.5, 8.0), 17.5, 95.0, _DRAWN_WIDTH_PX, _DRAWN_HEIGHT_PX)
_QUALITY = 85


def render_clip(
    renderer: Renderer, path: Path, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Writes the clip as H.264 in an MP4, 640×480.

    Raises:
        DatasetError: the file cannot be written.
    """
    part = path.with_suffix(f".part{path.suffix}")
    try:
        with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
            container.metadata["comment"] = FACE_MODEL_CREDIT
            stream = container.add_stream("libx264", rate=FRAMES_PER_S)
            stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
            stream.time_base = Fraction(1, FRAMES_PER_S)
            stream.options = {"crf": "25", "preset": "slow", "threads": "1"}
            for number, image_rgb in enumerate(_frames(renderer)):
                frame = av.VideoFrame.from_ndarray(image_rgb, "rgb24")
                container.mux(stream.encode(frame))
                progress(number + 1)
            container.mux(stream.encode(None))
        part.replace(path)
    except (OSError, av.FFmpegError) as error:
        raise DatasetError(f"The clip cannot be written to {path}.", repr(error)) from error


def frame_count() -> int:
    """How many frames the clip has."""
    return round(LENGTH_S * FRAMES_PER_S)


def render_stills(renderer: Renderer, folder: Path) -> None:
    """Writes NAME.jpg for every still of the storyboard, 640×480.

    Raises:
        DatasetError: a file cannot be written.
    """
    prepared, room = renderer.prepare(still_person()), _room()
    for name, units in STILLS.items():
        expression = ExpressionPose(units, units)
        image_rgb = _photo(renderer, prepared, expression, HeadPose(), room)
        image_bgr = np.ascontiguousarray(image_rgb[..., ::-1])
        _, packed = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        try:
            (folder / f"{name}.jpg").write_bytes(packed.tobytes())
        except OSError as error:
            raise DatasetError(
                f"The pictures cannot be written to {folder}.", repr(error)
            ) from error


def _frames(renderer: Renderer) -> Iterator[ImageRgb]:
    prepared, room = renderer.prepare(demo_person()), _room()
    for number in range(frame_count()):
        expression, pose = pose_at(number / FRAMES_PER_S)
        yield _photo(renderer, prepared, expression, pose, room)


def _photo(
    renderer: Renderer,
    prepared: PreparedPerson,
    expression: ExpressionPose,
    pose: HeadPose,
    room: ImageRgb,
) -> ImageRgb:
    drawn = renderer.draw(prepared, expression, pose, LIGHT, _VIEW, room)
    size = (WIDTH_PX, HEIGHT_PX)
    return np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8)


def _room() -> ImageRgb:
    """A bright wall, out of focus."""
    random = np.random.default_rng(4)
    size = (_DRAWN_WIDTH_PX, _DRAWN_HEIGHT_PX)
    coarse = np.array([168, 176, 174], np.float32) + random.normal(0, 9, (5, 7, 1))
    wall = cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    fall = np.linspace(12, -14, _DRAWN_WIDTH_PX, dtype=np.float32)[None, :, None]
    return np.asarray(np.clip(wall + fall, 0, 255), np.uint8)
