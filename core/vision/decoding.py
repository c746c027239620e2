"""From packets to pictures; what is damaged is left out."""

from __future__ import annotations

from collections.abc import Iterator

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from core.vision.sampling import Packet, marked


class Decoding:
    """Of one stream of pictures, on one core.

    Attributes:
        begin_s: time stamp at which the file begins, of its sound or its pictures.
        damaged: packets so far that could not be decoded.
        trouble: why reading the file ended before its end, for the log; "" for none.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream
        self.begin_s = begin_s(container)
        self.damaged = 0
        self.trouble = ""
        context = stream.codec_context
        context.thread_count = 1
        # Trap: what limits the probing does not limit this decoder.
        context.options = {"max_pixels": container.options["max_pixels"]}

    def frames(self, samples_per_s: float | None) -> Iterator[av.VideoFrame]:
        """All in the order of showing; given a rate, those between the due ones may be missing.

        Half of the pictures of a usual video are of no use to any other (“non-reference”). Such
        ones are not decoded where they are not due.
        """
        for packet, wanted in self._chosen(samples_per_s):
            self._stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
            yield from self._decoded(packet)
        if self.trouble:
            yield from self._decoded(None)  # what the decoder still holds

    def _chosen(self, samples_per_s: float | None) -> Iterator[tuple[Packet, bool]]:
        if samples_per_s is None:
            return ((packet, True) for packet in self._packets())
        return marked(self._packets(), samples_per_s, self.begin_s)

    def _packets(self) -> Iterator[Packet]:
        try:
            yield from self._container.demux(self._stream)
        except av.FFmpegError as error:
            self.trouble = repr(error)

    def _decoded(self, packet: Packet | None) -> list[av.VideoFrame]:
        try:
            return self._stream.decode(packet)
        except av.FFmpegError:
            self.damaged += 1
            return []


def begin_s(container: InputContainer) -> float:
    """Time stamp at which the file begins, of its sound or its pictures, whichever is first."""
    start: int | None = container.start_time
    return 0.0 if start is None else start / av.time_base
