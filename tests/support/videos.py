"""Video files of every kind, made up for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

MS = Fraction(1, 1000)
RATE = 48_000


def shade(grey: int, size: tuple[int, int] = (64, 48)) -> Image:
    """A plain picture."""
    return np.full((size[1], size[0], 3), grey, np.uint8)


def write_video(
    path: Path,
    images_bgr: Iterable[Image],
    *,
    fps: int = 25,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    rotated: tuple[float, bool, bool] | None = None,
    square: Fraction | None = None,
    sound: str | None = None,
    beeps_s: Sequence[tuple[float, float]] = (),
    seconds: float = 0.0,
    sound_from_s: float = 0.0,
    container: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A video of these pictures.

    Args:
        path: its ending tells the container.
        images_bgr: all of one size, even in both directions.
        fps: pictures a second, where `times_s` does not tell each one's time.
        times_s: of each picture.
        codec: FFmpeg's name of the encoder.
        pix_fmt: as which pixels are stored.
        options: of the encoder.
        rotated: degrees counter-clockwise that a player shall turn it, and whether it then mirrors
            it left to right, or top to bottom.
        square: width of a pixel by its height.
        sound: the encoder of a sound, of silence with beeps in it.
        beeps_s: beginning and end of each.
        seconds: of sound.
        sound_from_s: when the sound begins.
        container: options of the container.
        metadata: of the container.
    """
    images = list(images_bgr)
    height_px, width_px = images[0].shape[:2]
    with av.open(str(path), "w", options=container or {}) as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(codec, rate=fps, options=options or {}, time_base=MS)
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, pix_fmt
        if square is not None:
            stream.codec_context.sample_aspect_ratio = square
        if rotated is not None:
            stream.set_display_rotation(rotated[0], hflip=rotated[1], vflip=rotated[2])
        heard = None if sound is None else out.add_stream(sound, rate=RATE)
        for index, image_bgr in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image_bgr, "bgr24")
            at_s = index / fps if times_s is None else times_s[index]
            frame.pts, frame.time_base = round(at_s * 1000), MS
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if heard is not None:
            for frame in sound_frames(beeps_s, seconds, sound_from_s):
                out.mux(heard.encode(frame))
            out.mux(heard.encode(None))
    return path


def write_sound(path: Path, codec: str = "aac", seconds: float = 1.0) -> Path:
    """A file without pictures."""
    with av.open(str(path), "w") as out:
        heard = out.add_stream(codec, rate=RATE)
        for frame in sound_frames((), seconds, 0.0):
            out.mux(heard.encode(frame))
        out.mux(heard.encode(None))
    return path


def sound_frames(
    beeps_s: Sequence[tuple[float, float]], seconds: float, from_s: float
) -> Iterable[av.AudioFrame]:
    """Silence with beeps in it, in frames as AAC takes them."""
    times_s = np.arange(round(seconds * RATE)) / RATE
    beeping = np.zeros(len(times_s), bool)
    for begin_s, end_s in beeps_s:
        beeping |= (times_s + from_s >= begin_s) & (times_s + from_s < end_s)
    wave = (np.sin(2 * np.pi * 1000 * times_s) * beeping * 0.8).astype(np.float32)
    for start in range(0, len(wave), 1024):
        part = np.stack([wave[start : start + 1024]] * 2)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "fltp", "stereo")
        frame.sample_rate = RATE
        frame.pts, frame.time_base = start + round(from_s * RATE), Fraction(1, RATE)
        yield frame


def loud_from_s(path: Path) -> list[float]:
    """When each beep of a file begins."""
    loud: list[float] = []
    last_s = -1.0
    with av.open(str(path)) as container:
        begin_s = (container.start_time or 0) / av.time_base
        resampler = av.AudioResampler("fltp", "mono", RATE)
        for frame in container.decode(audio=0):
            for even in resampler.resample(frame):
                levels = np.abs(even.to_ndarray()[0])
                for index in np.flatnonzero(levels > 0.2):
                    at_s = even.time + index / RATE - begin_s
                    if at_s - last_s > 0.1:
                        loud.append(at_s)
                    last_s = at_s
    return loud
