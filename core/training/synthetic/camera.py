"""From a clean rendering to what a camera, a compressor and a face detector leave of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.training.synthetic.appearance import HeadPose
from core.training.synthetic.face_model import FaceModel, Vertices
from core.training.synthetic.view import ImageRgb, View, turned
from core.vision.crop import crop_grey
from core.vision.face import Box
from core.vision.frame import ImageGrey

# Where Haar's box lies on a face, in units of the distance from the middle of the eyes to the chin.
# So that the eyes and the mouth come to lie where they do in FER2013's mean face.
_BOX_SIDE = 1.5
_BOX_CENTRE_BELOW_EYES = 0.2
_EYES, _CHIN = slice(36, 48), 8


@dataclass(frozen=True)
class Faults:
    """What goes wrong between the light and the classifier.

    Attributes:
        face_px: side of the face's box in the camera's picture.
        blur_px: deviation of the blur, in those pixels.
        noise: deviation of the sensor's noise, grey levels.
        gain, offset, gamma: contrast, brightness (grey levels), tone curve.
        jpeg_quality: 0 to 100, or none for no compression.
        shift: of the detector's box, right and down, in shares of its side.
        zoom: of the detector's box.
    """

    face_px: float
    blur_px: float = 0.0
    noise: float = 0.0
    gain: float = 1.0
    offset: float = 0.0
    gamma: float = 1.0
    jpeg_quality: int | None = None
    shift: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0


def draw_faults(random: np.random.Generator) -> Faults:
    """From a good webcam near by to a poor one across the room."""
    face_px = float(np.exp(random.uniform(np.log(36), np.log(140))))
    return Faults(
        face_px=face_px,
        blur_px=float(random.exponential(0.35)) * face_px / 80,
        noise=float(min(12.0, random.exponential(2.5))),
        gain=float(np.exp(random.normal(0, 0.18))),
        offset=float(random.normal(0, 14)),
        gamma=float(np.exp(random.normal(0, 0.15))),
        jpeg_quality=int(random.integers(40, 96)) if random.random() < 0.7 else None,
        shift=(float(random.normal(0, 0.025)), float(random.normal(0, 0.03))),
        zoom=float(np.exp(random.normal(0.02, 0.08))),
    )


def face_box(model: FaceModel, head: Vertices, pose: HeadPose, view: View) -> Box:
    """Where a frontal face detector would see the head, in the view's pixels."""
    marks = view.pixels(turned(head[model.landmarks], pose))
    eyes, chin = marks[_EYES].mean(axis=0), marks[_CHIN]
    # Boxes stay upright and keep their size when the head turns: measure on the unturned head.
    still = view.pixels(head[model.landmarks])
    unit = float(np.linalg.norm(still[_CHIN] - still[_EYES].mean(axis=0)))
    down = (chin - eyes) / max(1e-6, float(np.linalg.norm(chin - eyes)))
    x, y = (eyes + down * _BOX_CENTRE_BELOW_EYES * unit).tolist()
    half = _BOX_SIDE * unit / 2
    return Box(x - half, y - half, x + half, y + half)


def photographed(
    image_rgb: ImageRgb, box: Box, faults: Faults, random: np.random.Generator
) -> ImageRgb:
    """The picture as the camera stores it, and smaller: the box measures `faults.face_px`."""
    scale = min(1.0, faults.face_px / box.width_px)
    seen = cv2.resize(image_rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    levels = seen.astype(np.float32)
    if faults.blur_px > 0.2:
        levels = cv2.GaussianBlur(levels, (0, 0), faults.blur_px).astype(np.float32)
    toned = 255 * (np.clip(levels, 0, 255) / 255) ** faults.gamma
    exposed = (toned - 128) * faults.gain + 128 + faults.offset
    noise = random.standard_normal(levels.shape, dtype=np.float32)
    stored = np.clip(exposed + faults.noise * noise, 0, 255).astype(np.uint8)
    if faults.jpeg_quality is not None:
        options = [cv2.IMWRITE_JPEG_QUALITY, faults.jpeg_quality]
        _, packed = cv2.imencode(".jpg", stored, options)
        stored = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return stored


def cropped(image_rgb: ImageRgb, box: Box, faults: Faults, side_px: int) -> ImageGrey:
    """uint8 (side_px, side_px): the face as the product crops it, from a box that is a bit off."""
    x, y = box.centre_xy
    x, y = x + faults.shift[0] * box.width_px, y + faults.shift[1] * box.width_px
    half = box.width_px * faults.zoom / 2
    image_bgr = np.ascontiguousarray(image_rgb[..., ::-1])
    return crop_grey(image_bgr, Box(x - half, y - half, x + half, y + half), side_px)


def draw_background(height_px: int, width_px: int, random: np.random.Generator) -> ImageRgb:
    """A wall, a gradient, or blurred things."""
    top, bottom = random.uniform(10, 245, (2, 3))
    ramp = np.linspace(0, 1, height_px, dtype=np.float32)[:, None, None]
    wall = np.broadcast_to(
        top + (bottom - top) * ramp * random.uniform(0, 1), (height_px, width_px, 3)
    )
    cells = int(random.integers(2, 14))
    things = random.uniform(0, 255, (cells, cells, 3)).astype(np.float32)
    how = cv2.INTER_CUBIC if random.random() < 0.7 else cv2.INTER_NEAREST
    shown = cv2.resize(things, (width_px, height_px), interpolation=how)
    share = float(random.uniform(0, 0.8)) * (random.random() < 0.7)
    return np.clip(wall * (1 - share) + shown * share, 0, 255).astype(np.uint8)
