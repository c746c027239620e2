"""The sound of a video, taken over into another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from typing import TypeAlias

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition

from core.vision.decoding import begin_s

_COPIED = {"aac", "mp3"}
"""What every player of MP4 knows is copied as it is; all other sound becomes AAC."""

_RATE = 48_000
_FRAME = 1024
"""Samples in a frame of AAC."""

_AudioPacket: TypeAlias = "Packet[AudioStream]"  # subscripted for the type checker alone


class Sound:
    """Goes through the sound once, from its beginning on, in step with the pictures.

    It keeps its distance to the pictures: both count from the same beginning of the file.

    Args:
        source: opened for the sound alone.
        stream: of the sound, in it.
        out: gets a stream more.

    Attributes:
        cut: whether the sound ended before its end, because it is damaged.
    """

    def __init__(self, source: InputContainer, stream: AudioStream, out: OutputContainer) -> None:
        self.cut = False
        self._source = source
        self._begin_s = begin_s(source)
        self._stream = stream
        copied = stream.codec_context.codec.canonical_name in _COPIED
        self._parts = self._copied(out) if copied else self._encoded(out)
        self._next = self._take()

    def until(self, at_s: float) -> Iterator[_AudioPacket]:
        """The packets that begin by then."""
        while self._next is not None and self._next[0] <= at_s:
            yield self._next[1]
            self._next = self._take()

    def _take(self) -> tuple[float, _AudioPacket] | None:
        try:
            return next(self._parts, None)
        except av.FFmpegError:
            self.cut = True
            return None

    def _copied(self, out: OutputContainer) -> Iterator[tuple[float, _AudioPacket]]:
        target = out.add_stream_from_template(self._stream)
        last = None
        for packet in self._source.demux(self._stream):
            if packet.dts is None or packet.pts is None:
                continue
            shift = round(Fraction(self._begin_s) / packet.time_base)
            dts = packet.dts - shift
            if last is not None and dts <= last:
                continue  # an MP4 cannot hold what goes back in time
            last = packet.dts = dts
            packet.pts = max(packet.pts - shift, dts)
            at_s = float(packet.pts * packet.time_base)
            packet.stream = target
            yield at_s, packet

    def _encoded(self, out: OutputContainer) -> Iterator[tuple[float, _AudioPacket]]:
        target = out.add_stream("aac", rate=_RATE)
        # fills gaps, and what is missing before the first sound, with silence
        kept_in_time = {"async": "1", "first_pts": "0"}
        resampler = AudioResampler("fltp", "stereo", _RATE, _FRAME, kept_in_time)
        at_s = 0.0
        for frame in chain(self._decoded(), (None,)):
            for even in resampler.resample(frame):
                at_s = even.time or at_s
                yield from ((at_s, packet) for packet in target.encode(even))
        yield from ((at_s, packet) for packet in target.encode(None))

    def _decoded(self) -> Iterator[AudioFrame]:
        for packet in self._source.demux(self._stream):
            with suppress(av.FFmpegError):  # a damaged packet is a gap
                for frame in packet.decode():
                    if frame.pts is not None and frame.time_base is not None:
                        frame.pts -= round(Fraction(self._begin_s) / frame.time_base)
                    yield frame


def stream_of(source: InputContainer) -> AudioStream | None:
    """The sound that is played first; None where there is none that can be decoded."""
    usable = [one for one in source.streams.audio if one.codec_context is not None]
    return max(usable, key=lambda one: bool(one.disposition & Disposition.default), default=None)
