"""A folder per class in miniature: stripes instead of faces, in files of any kind."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from core.training.datasets import LabelledFaces
from core.training.datasets.faces import no_votes


def picture(brightness: int, size: tuple[int, int] = (20, 30), file_format: str = "PNG") -> bytes:
    """A plain coloured picture with one dark stripe."""
    pixels = np.full((size[1], size[0], 3), (brightness, brightness // 2, 40), np.uint8)
    pixels[: size[1] // 3] = 10
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, file_format)
    return buffer.getvalue()


def write_folder(root: Path, files: Iterable[str]) -> Path:
    """Writes a different good picture under each of the paths."""
    for number, name in enumerate(files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        suffix = {"jpg": "JPEG", "webp": "WEBP"}.get(path.suffix[1:], "PNG")
        path.write_bytes(picture(60 + number % 190, (20 + number % 7, 30), suffix))
    return root


def faces_of(label_index: list[int], persons: list[str] | None = None) -> LabelledFaces:
    """Blank faces with these labels."""
    labels = tuple("abcdefg"[: max(label_index) + 1])
    return LabelledFaces(
        np.zeros((len(label_index), 8, 8), np.uint8),
        np.array(label_index),
        no_votes(len(label_index)),
        labels,
        None if persons is None else np.array(persons),
    )
