"""Uploaded pictures, decoded without trusting them."""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib

import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from core.errors import PhotoError
from core.vision.frame import ImageBgr

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PIXELS = 40_000_000

# What Pillow's readers raise on damaged files, found by mutating files of every kind.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, LookupError, struct.error, zlib.error)

# EXIF 2.32, tag 274: how the stored picture is turned back.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Silencing warnings is not safe between threads; and one large picture at a time saves memory.
_ONE_AT_A_TIME = threading.Lock()


def decode_photo(data: bytes, name: str) -> ImageBgr:
    """The picture, upright, uint8 (height, width, 3).

    Args:
        data: the file, as uploaded: JPEG, PNG or WebP. It never reaches OpenCV's decoders.
        name: the file's name, for the sentences.

    Raises:
        PhotoError: with a sentence that names the file and says what is wrong with it.
    """
    if not data:
        raise PhotoError(f"“{name}” is empty: it holds no picture.", "no bytes")
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _decode(data, name)


def _decode(data: bytes, name: str) -> ImageBgr:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_size(picture.size, name)
            picture.load()  # Before EXIF, whose damage is forgiven.
            rgb = np.asarray(_opaque_rgb(_upright(picture)))
            return np.ascontiguousarray(rgb[:, :, ::-1])
    except Image.DecompressionBombError as error:
        raise PhotoError(_too_large(name), str(error)) from error
    except UnidentifiedImageError as error:
        raise PhotoError(
            f"“{name}” is not a picture that can be read. Use a JPEG, PNG or WebP file.",
            str(error),
        ) from error
    except _BROKEN as error:
        raise PhotoError(
            f"“{name}” is damaged or incomplete. Try saving or downloading it again.",
            f"{type(error).__name__}: {error}",
        ) from error


def _check_size(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > LARGEST_PIXELS:
        raise PhotoError(_too_large(name), f"{size[0]}x{size[1]}")


def _too_large(name: str) -> str:
    return f"“{name}” is too large: pictures may have at most 40 megapixels. Use a smaller copy."


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF says; damaged EXIF says nothing.

    `ImageOps.exif_transpose` also writes the EXIF anew, and fails on tags that do not matter here.
    """
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except _BROKEN:
        return picture
    how = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return picture if how is None else picture.transpose(how)


def _opaque_rgb(picture: Image.Image) -> Image.Image:
    """Eight bits a channel, transparency over white."""
    if picture.mode.startswith("I"):  # Pillow's own conversion clips 16 bits to white.
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        rgba = picture.convert("RGBA")
        paper = Image.new("RGB", rgba.size, "white")
        paper.paste(rgba, mask=rgba)
        return paper
    return picture.convert("RGB")
