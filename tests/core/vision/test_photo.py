"""Uploads, good and bad."""

from __future__ import annotations

import io
import random
import warnings
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from core.errors import PhotoError
from core.vision.photo import decode_photo
from tests.support import pictures

RED, BLUE, WHITE = (0, 0, 255), (255, 0, 0), (255, 255, 255)
"""Blue, green, red."""


def encoded(picture: Image.Image, file_format: str, **how: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **how)
    return buffer.getvalue()


def quarters(mode: str = "RGB") -> Image.Image:
    """40×20: red at the top left, blue elsewhere."""
    picture = Image.new("RGB", (40, 20), "blue")
    picture.paste("red", (0, 0, 20, 10))
    return picture.convert(mode)


def see_through() -> Image.Image:
    """Red at the top left, nothing elsewhere."""
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 20, 10))
    return picture


def grey_16_bit() -> bytes:
    grey = np.full((20, 40), 0x4000, np.uint16)
    grey[:10, :20] = 0xC000
    return encoded(Image.fromarray(grey), "PNG")


@pytest.mark.parametrize(
    ("data", "top_left", "bottom_right"),
    [
        pytest.param(encoded(quarters(), "JPEG", quality=95), RED, BLUE, id="JPEG"),
        pytest.param(encoded(quarters(), "JPEG", progressive=True), RED, BLUE, id="progressive"),
        pytest.param(encoded(quarters(), "PNG"), RED, BLUE, id="PNG"),
        pytest.param(encoded(quarters(), "WEBP", lossless=True), RED, BLUE, id="WebP"),
        pytest.param(encoded(quarters("CMYK"), "JPEG"), RED, BLUE, id="CMYK"),
        pytest.param(encoded(quarters("P"), "PNG"), RED, BLUE, id="palette"),
        pytest.param(encoded(quarters("L"), "PNG"), (76,) * 3, (29,) * 3, id="grey"),
        pytest.param(grey_16_bit(), (0xC0,) * 3, (0x40,) * 3, id="grey, 16 bits"),
        pytest.param(encoded(quarters("1"), "PNG"), None, None, id="one bit"),
        pytest.param(encoded(see_through(), "PNG"), RED, WHITE, id="alpha over white"),
        pytest.param(
            encoded(see_through(), "WEBP", lossless=True), RED, WHITE, id="WebP with alpha"
        ),
        pytest.param(
            encoded(see_through().convert("LA"), "PNG"), (76,) * 3, WHITE, id="grey with alpha"
        ),
        pytest.param(
            encoded(Image.new("P", (40, 20), 0), "PNG", transparency=0),
            WHITE,
            WHITE,
            id="palette with a clear colour",
        ),
        pytest.param(
            encoded(
                quarters(),
                "WEBP",
                save_all=True,
                append_images=[Image.new("RGB", (40, 20), "lime")],
                lossless=True,
            ),
            RED,
            BLUE,
            id="animated WebP: first picture",
        ),
        pytest.param(
            encoded(quarters(), "MPO", save_all=True, append_images=[quarters()], quality=95),
            RED,
            BLUE,
            id="a phone's JPEG with two pictures",
        ),
    ],
)
def test_good_photos(
    data: bytes, top_left: tuple[int, ...] | None, bottom_right: tuple[int, ...] | None
) -> None:
    image_bgr = decode_photo(data, "a.jpg")
    assert (image_bgr.shape, image_bgr.dtype) == ((20, 40, 3), np.uint8)
    assert image_bgr.flags.c_contiguous
    assert image_bgr.flags.writeable
    for place, colour in (((3, 3), top_left), ((-3, -3), bottom_right)):
        if colour is not None:
            np.testing.assert_allclose(image_bgr[place].astype(int), colour, atol=8)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_exif_turns_a_photo_upright(file_format: str, orientation: int) -> None:
    stored_as = {  # The inverse of what EXIF asks a reader to do.
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quarters()
    if orientation in stored_as:
        stored = stored.transpose(stored_as[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    how = {} if file_format == "PNG" else {"quality": 95}
    upright_bgr = decode_photo(encoded(stored, file_format, exif=exif, **how), "a")
    assert upright_bgr.shape == (20, 40, 3)
    red_share = (upright_bgr[:9, :19, 2] > 128).mean(), (upright_bgr[11:, 21:, 2] > 128).mean()
    assert red_share == (1, 0)


@pytest.mark.parametrize(
    "exif",
    [
        pytest.param(b"Exif\x00\x00II*\x00\xff\xff\xff\xff", id="no directory"),
        pytest.param(b"Exif\x00\x00garbage", id="no header"),
        pytest.param(
            b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x02\x00\x02\x00\x00\x006\x00\x00\x00",
            id="orientation is a word",
        ),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_damaged_exif_does_not_lose_a_photo(file_format: str, exif: bytes) -> None:
    assert decode_photo(encoded(quarters(), file_format, exif=exif), "a").shape == (20, 40, 3)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(bytes, "is empty", id="no bytes"),
        pytest.param(pictures.text, "is not a picture", id="text renamed"),
        pytest.param(lambda: b"\xff\xd8\xff", "is not a picture", id="three bytes of JPEG"),
        pytest.param(lambda: encoded(quarters(), "GIF"), "is not a picture", id="GIF"),
        pytest.param(lambda: encoded(quarters(), "TIFF"), "is not a picture", id="TIFF"),
        pytest.param(lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not", id="SVG"),
        pytest.param(pictures.cut_short, "damaged or incomplete", id="JPEG cut short"),
        pytest.param(
            lambda: pictures.portrait("PNG")[:90_000], "damaged or incomplete", id="PNG cut short"
        ),
        pytest.param(
            lambda: pictures.portrait("WEBP")[:9_000], "not a picture|damaged", id="WebP cut short"
        ),
        pytest.param(pictures.bomb, "at most 40 megapixels", id="20,000×20,000 PNG"),
        pytest.param(lambda: pictures.bomb(10_000), "at most 40", id="where Pillow only warns"),
        pytest.param(lambda: pictures.bomb(6_325), "at most 40", id="just above the limit"),
    ],
)
def test_bad_photos_are_refused_in_a_sentence(make: Callable[[], bytes], says: str) -> None:
    with pytest.raises(PhotoError, match=says) as refused:
        decode_photo(make(), "granny.jpg")
    assert "“granny.jpg”" in refused.value.sentence
    assert "PIL" not in refused.value.sentence
    assert "granny" not in refused.value.cause  # the log holds no names of files


def test_uploads_never_reach_opencv(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("OpenCV was given an upload")

    monkeypatch.setattr(cv2, "imdecode", refuse)
    assert decode_photo(pictures.portrait(), "a").shape == (512, 512, 3)


def test_the_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("pixels were decoded before the size was checked")

    monkeypatch.setattr(Image.Image, "load", refuse)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    with pytest.raises(PhotoError, match="40 megapixels"):
        decode_photo(pictures.bomb(6_325), "a.png")


def test_warnings_are_left_as_they_were() -> None:
    before = list(warnings.filters)
    with pytest.raises(PhotoError):
        decode_photo(pictures.bomb(10_000), "a.png")
    assert list(warnings.filters) == before


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "MPO"])
def test_whatever_is_damaged_the_answer_is_a_picture_or_a_sentence(file_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.0
    whole = encoded(quarters(), file_format, exif=exif)
    chance = random.Random(file_format)
    refused = 0
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert decode_photo(bytes(data), "a").ndim == 3
        except PhotoError:
            refused += 1
    assert 0 < refused < 400
