"""Which pictures of a video are wanted, known before they are decoded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from av.packet import Packet as AnyPacket
from av.video.stream import VideoStream

Packet: TypeAlias = "AnyPacket[VideoStream]"  # subscripted for the type checker alone

_AHEAD = 17
"""H.264 and HEVC store a picture at most 16 places away from where it is shown."""

_CLOSE_S = 1e-3
"""A picture so little before its time counts as in time: containers round to milliseconds."""


def piece_of(at_s: float, samples_per_s: float) -> int:
    """Which of the equal pieces of time; the first picture of each is wanted."""
    return int((at_s + _CLOSE_S) * samples_per_s // 1)


@dataclass
class _Ahead:
    """Packets that were read ahead, with the earliest picture of each piece of time."""

    samples_per_s: float
    begin_s: float
    waiting: deque[Packet] = field(default_factory=deque)
    earliest: dict[int, int] = field(default_factory=dict)

    def take(self, packet: Packet) -> None:
        self.waiting.append(packet)
        piece = self._piece(packet)
        if piece is not None and packet.pts is not None:
            self.earliest[piece] = min(self.earliest.get(piece, packet.pts), packet.pts)

    def give(self) -> tuple[Packet, bool]:
        packet = self.waiting.popleft()
        piece = self._piece(packet)
        while len(self.earliest) > 4 * _AHEAD:
            del self.earliest[next(iter(self.earliest))]
        return packet, piece is None or self.earliest.get(piece) == packet.pts

    def _piece(self, packet: Packet) -> int | None:
        if packet.pts is None:
            return None
        return piece_of(float(packet.pts * packet.time_base) - self.begin_s, self.samples_per_s)


def marked(
    packets: Iterable[Packet], samples_per_s: float, begin_s: float
) -> Iterator[tuple[Packet, bool]]:
    """Each packet in its order, and whether its picture is the first of a piece of time.

    Packets come in the order of decoding, so a few are read ahead. One without a time is wanted.
    Pieces are counted from `begin_s` of the packets' time.
    """
    ahead = _Ahead(samples_per_s, begin_s)
    for packet in packets:
        ahead.take(packet)
        if len(ahead.waiting) > _AHEAD:
            yield ahead.give()
    while ahead.waiting:
        yield ahead.give()
