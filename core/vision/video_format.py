"""Which files are taken for videos, and how one is opened, without opening any other."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from core.errors import VideoError

MOST_PIXELS = 40_000_000
"""Of one frame, as of a photo; 8K has 33 million."""

KINDS = "MP4, MOV, WebM, MKV and AVI"

_MOV_ATOMS = {b"ftyp", b"moov", b"mdat", b"moof", b"wide", b"free", b"skip", b"pnot", b"uuid"}
_NO_MOVING_PICTURE = (
    Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
)


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The file and its stream of moving pictures, whose decoder was not started yet.

    Trap: FFmpeg takes playlists for videos, and would open the files and addresses that they name.
    So the demuxer is chosen here, by the first bytes, and no protocol but that of files is allowed.

    Raises:
        VideoError: the file is none of the known kinds, or damaged from the beginning on.
    """
    with _container(path) as container:
        yield container, _moving_pictures(container, path)


def _container(path: Path) -> InputContainer:
    demuxer = _demuxer(path)
    try:
        return av.open(
            f"file:{path.absolute()}",
            "r",
            format=demuxer,
            options={"protocol_whitelist": "file", "max_pixels": str(MOST_PIXELS)},
            metadata_errors="replace",  # titles may be in any old encoding
        )
    except av.FFmpegError as error:
        raise VideoError(
            f"“{path.name}” is damaged or incomplete, so nothing of it can be read. If it is still "
            "being copied or recorded, let that finish and try again.",
            f"{path}: {error!r}",
        ) from error


def _demuxer(path: Path) -> str:
    """FFmpeg's name of the container format, by what the file begins with."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise VideoError(f"“{path.name}” is no file.", str(path))
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise VideoError(
            f"“{path.name}” cannot be opened. It may have been moved, or may not be read by Mien.",
            f"{path}: {error!r}",
        ) from error
    if not head:
        raise VideoError(f"“{path.name}” is empty: it has no content at all.", str(path))
    if head[4:8] in _MOV_ATOMS:
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    raise VideoError(
        f"“{path.name}” is not a video that can be read. {KINDS} files can.",
        f"{path}: begins with {head!r}",
    )


def is_cut(path: Path) -> bool:
    """Whether an AVI or MP4 is shorter than it says: FFmpeg reads one without a word."""
    length = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
        if head[:4] == b"RIFF":
            return length < int.from_bytes(head[4:], "little") + 8
        if head[4:] not in _MOV_ATOMS:
            return False
        at = 0
        while at < length:
            file.seek(at)
            atom = _atom_length(file.read(16))
            if atom < 8:  # the last one reaches to the end
                return False
            at += atom
    return at > length


def _atom_length(head: bytes) -> int:
    size = int.from_bytes(head[:4], "big")
    return int.from_bytes(head[8:16], "big") if size == 1 else size


def _moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    streams = [one for one in container.streams.video if not one.disposition & _NO_MOVING_PICTURE]
    if not streams:
        what = "no moving pictures, only sound" if container.streams.audio else "no moving pictures"
        raise VideoError(f"“{path.name}” has {what}.", str(path))
    usable = [one for one in streams if one.codec_context is not None]
    if not usable:
        raise VideoError(
            f"The pictures of “{path.name}” cannot be read: they are of a rare kind or protected, "
            "or the file is incomplete. If another program plays it, convert it to H.264 there.",
            f"{path}: no decoder",
        )
    return max(usable, key=lambda one: bool(one.disposition & Disposition.default))
