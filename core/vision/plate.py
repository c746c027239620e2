"""The label that stands at a face: words on a dark plate, with a bar of confidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from core.vision.frame import ImageBgr

ColourRgb = tuple[int, int, int]

_INK_RGB = (17, 22, 30)
_WORDS_RGB = (250, 250, 248)
_TRACK_BGR = (92, 80, 70)
_FINER = 4  # The rounded corners are drawn this much larger and averaged.


@dataclass(frozen=True, eq=False)
class Plate:
    """A rendered plate, ready to be laid over a picture.

    Attributes:
        ink_bgr: uint16 (height, width, 3), already multiplied by its opacity, 0 to 255 * 255.
        clear: uint16 (height, width, 1), 255 where the picture shows through, 0 on the plate.
        bar: left, right, middle row and thickness of the bar, in pixels of the plate.
        bar_bgr: of the filled part.
    """

    ink_bgr: npt.NDArray[np.uint16]
    clear: npt.NDArray[np.uint16]
    bar: tuple[int, int, int, int]
    bar_bgr: tuple[int, int, int]

    @property
    def width_px(self) -> int:
        return int(self.ink_bgr.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.ink_bgr.shape[0])

    def draw_onto(self, patch_bgr: ImageBgr, confidence: float | None) -> None:
        """Lay the plate over a patch of its own size; without a confidence there is no bar."""
        patch_bgr[:] = (self.ink_bgr + patch_bgr * self.clear) // 255
        if confidence is None:
            return
        left, right, row, thick = self.bar
        full = left + round((right - left) * min(max(confidence, 0.0), 1.0))
        cv2.line(patch_bgr, (left, row), (right, row), _TRACK_BGR, thick, cv2.LINE_AA)
        cv2.line(patch_bgr, (left, row), (full, row), self.bar_bgr, thick, cv2.LINE_AA)


@lru_cache(maxsize=256)
def render_plate(
    title: str, colour_rgb: ColourRgb, font_px: int, widest_px: int, *, has_bar: bool
) -> Plate:
    """The plate for some words, no wider than the picture: longer words end in an ellipsis."""
    font = _font(font_px)
    pad_x, pad_y = round(0.6 * font_px), round(0.35 * font_px)
    stripe_px, bar_px = max(2, round(0.25 * font_px)), max(2, round(0.2 * font_px))
    words = _fitting(title, font, widest_px - 2 * pad_x - stripe_px)
    ascent, descent = font.getmetrics()
    width = min(widest_px, max(1, stripe_px + 2 * pad_x + round(font.getlength(words))))
    height = pad_y + ascent + descent + (bar_px + pad_y if has_bar else 0) + pad_y // 2
    shape = _rounded((width, height), radius=round(0.35 * font_px))
    picture = Image.new("RGB", (width, height), _INK_RGB)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, stripe_px - 1, height), fill=colour_rgb)
    draw.text((stripe_px + pad_x, pad_y + ascent), words, fill=_WORDS_RGB, font=font, anchor="ls")
    ink_bgr = np.asarray(picture, np.uint16)[:, :, ::-1]
    bar_row = height - pad_y - bar_px // 2 + 1
    red, green, blue = colour_rgb
    return Plate(
        ink_bgr=ink_bgr * shape,
        clear=np.asarray(255 - shape, np.uint16),
        bar=(stripe_px + pad_x, width - pad_x, bar_row, bar_px),
        bar_bgr=(blue, green, red),
    )


def _rounded(size: tuple[int, int], radius: int) -> npt.NDArray[np.uint16]:
    """Opacity 0 to 255 of a rounded rectangle, uint16 (height, width, 1)."""
    width, height = size
    large = Image.new("L", (width * _FINER, height * _FINER), 0)
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, large.width - 1, large.height - 1), radius * _FINER, fill=255
    )
    return np.asarray(large.reduce(_FINER), np.uint16)[:, :, None]


def _fitting(title: str, font: ImageFont.FreeTypeFont, room_px: int) -> str:
    words = " ".join(title.split())
    if font.getlength(words) <= room_px:
        return words
    while words and font.getlength(words + "…") > room_px:
        words = words[:-1]
    return words.rstrip() + "…" if words else ""


@lru_cache(maxsize=16)
def _font(font_px: int) -> ImageFont.FreeTypeFont:
    """DejaVu from the OpenCV wheel: Pillow's own font has neither accents nor symbols."""
    path = Path(cv2.__file__).parent / "qt" / "fonts" / "DejaVuSansCondensed-Bold.ttf"
    if path.is_file():
        return ImageFont.truetype(str(path), font_px)
    # The headless wheel carries no fonts. Asked for a size, Pillow gives its own FreeType font.
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(font_px))
