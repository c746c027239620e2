"""A rendered data set at a glance: one row of faces for each label."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from core.errors import DatasetError
from core.training.synthetic.dataset import SIDE_PX, RenderedFaces
from core.vision.frame import ImageGrey

COLUMNS = 14
_NAME_PX = 78
_QUALITY = 80


def contact_sheet(faces: RenderedFaces) -> ImageGrey:
    """uint8 (labels * 48, 78 + 14 * 48): names on the left, white where faces lack."""
    rows = [
        _row(str(name), faces.images[faces.label == index][:COLUMNS])
        for index, name in enumerate(faces.label_names)
    ]
    return np.concatenate(rows)


def write_contact_sheet(faces: RenderedFaces, path: Path) -> None:
    """Writes the contact sheet as a JPEG.

    Raises:
        DatasetError: the file cannot be written.
    """
    _, packed = cv2.imencode(".jpg", contact_sheet(faces), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    try:
        path.write_bytes(packed.tobytes())
    except OSError as error:
        raise DatasetError(f"The sheet cannot be written to {path}.", repr(error)) from error


def _row(name: str, images: ImageGrey) -> ImageGrey:
    row = np.full((SIDE_PX, _NAME_PX + COLUMNS * SIDE_PX), 255, np.uint8)
    place = (6, SIDE_PX // 2 + 4)
    cv2.putText(row, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, 0, 1, cv2.LINE_AA)
    for column, image in enumerate(images):
        left = _NAME_PX + column * SIDE_PX
        row[:, left : left + SIDE_PX] = image
    return row
