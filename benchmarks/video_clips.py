"""The videos that are read for figures: a rendered face that nobody lives with."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

FACE = Path(__file__).parents[1] / "app/assets/demo_face.mp4"
"""640×480, 15 a second, 20 s."""

Image = npt.NDArray[np.uint8]

_ROOM = 1.06
"""The clip is made so much larger than the picture, which then wanders over it."""
_NOISE = 5.0
_NOISES = 8


def write_video(
    path: Path,
    size: tuple[int, int],
    seconds: int,
    *,
    frames_per_s: int = 30,
    bit_rate: int,
    b_frames: int = 3,
) -> Path:
    """An MP4 (H.264) as hard to decode as one from a camera of this size.

    The face fills the height, on a plain ground; the camera wanders, and each picture has a
    sensor's noise. It is encoded once for the length of the clip and then repeated without being
    encoded anew: half a minute makes an hour.

    Args:
        path: of the file.
        size: width and height.
        seconds: in all.
        frames_per_s: pictures of the clip are repeated or left out.
        bit_rate: bits a second.
        b_frames: most between two others; telephones make none.
    """
    part = path.with_suffix(".part.mp4")
    length_s = min(20, seconds)
    with av.open(str(part), "w") as container:
        options = {"preset": "veryfast", "bf": str(b_frames)}
        stream = container.add_stream("libx264", rate=frames_per_s, options=options)
        stream.width, stream.height = size
        stream.pix_fmt, stream.bit_rate = "yuv420p", bit_rate
        for image in islice(_images(size, frames_per_s), length_s * frames_per_s):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, "bgr24")))
        container.mux(stream.encode(None))
    _repeat(part, path, -(-seconds // length_s), length_s)
    part.unlink()
    return path


def _images(size: tuple[int, int], frames_per_s: int) -> Iterator[Image]:
    random = np.random.default_rng(7)
    width_px, height_px = size
    noises = [
        random.normal(0, _NOISE, (height_px, width_px, 1)).astype(np.int8) for _ in range(_NOISES)
    ]
    face_px = round(height_px * _ROOM * 4 / 3), round(height_px * _ROOM)
    ground = np.full((face_px[1], max(face_px[0], round(width_px * _ROOM)), 3), 120, np.uint8)
    aside = (ground.shape[1] - face_px[0]) // 2
    with av.open(str(FACE)) as clip:
        faces = [frame.reformat(*face_px, "bgr24") for frame in clip.decode(video=0)]
    spare_x, spare_y = ground.shape[1] - width_px, ground.shape[0] - height_px
    for number, noise in enumerate(cycle(noises)):
        face = faces[number * 15 // frames_per_s % len(faces)].to_ndarray()
        ground[:, aside : aside + face_px[0]] = face
        x = round(spare_x * (0.5 + 0.5 * np.sin(number / frames_per_s)))
        y = round(spare_y * (0.5 + 0.5 * np.cos(number / frames_per_s * 1.3)))
        part = ground[y : y + height_px, x : x + width_px].astype(np.int16) + noise
        yield np.clip(part, 0, 255).astype(np.uint8)


def _repeat(part: Path, path: Path, times: int, length_s: int) -> None:
    with av.open(str(path), "w") as out:
        stream = None
        for turn in range(times):
            with av.open(str(part)) as source:
                video = source.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                for packet in source.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    shift = round(Fraction(turn * length_s) / packet.time_base)
                    packet.dts, packet.pts = packet.dts + shift, packet.pts + shift
                    packet.stream = stream
                    out.mux(packet)
