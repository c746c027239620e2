"""Files to upload, good and bad. The portrait is NASA's of Eileen Collins, public domain."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image
from skimage.data import astronaut


def _encoded(picture: Image.Image, file_format: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format)
    return buffer.getvalue()


def portrait(file_format: str = "JPEG") -> bytes:
    """One face, 512×512."""
    return _encoded(Image.fromarray(astronaut()), file_format)


def two_people(file_format: str = "WEBP") -> bytes:
    """Two faces, side by side; the right one smaller."""
    face = Image.fromarray(astronaut()).crop((120, 0, 340, 260))
    picture = Image.new("RGB", (640, 320), (150, 160, 170))
    picture.paste(face, (40, 30))
    picture.paste(face.resize((165, 195)), (400, 60))
    return _encoded(picture, file_format)


def crowd(rows: int = 3, columns: int = 4) -> bytes:
    """Many small faces in a large picture."""
    face = Image.fromarray(astronaut()).crop((140, 20, 310, 220))
    picture = Image.new("RGB", (columns * 400, rows * 400), (90, 110, 120))
    for index in range(rows * columns):
        row, column = divmod(index, columns)
        picture.paste(face, (column * 400 + 100, row * 400 + 100))
    return _encoded(picture, "JPEG")


def landscape() -> bytes:
    """Nobody, only a soft gradient."""
    shades = np.linspace(90, 180, 480)[:, None, None] * np.ones((480, 640, 3))
    return _encoded(Image.fromarray(shades.astype(np.uint8)), "PNG")


def cut_short() -> bytes:
    """The first third of a JPEG."""
    whole = portrait()
    return whole[: len(whole) // 3]


def text() -> bytes:
    """What somebody renamed .jpg."""
    return b"Dear diary, this is no picture.\n"


def bomb(side_px: int = 20_000) -> bytes:
    """A valid PNG of a few kilobytes that fills a gigabyte once it is decoded."""
    row = b"\x00" + bytes((side_px + 7) // 8)
    compressor = zlib.compressobj(9)
    pixels = b"".join(compressor.compress(row) for _ in range(side_px)) + compressor.flush()
    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
