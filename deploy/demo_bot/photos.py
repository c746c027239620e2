"""Pictures as Telegram takes and keeps them: checked, scaled into several sizes, named."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from deploy.demo_bot.api_error import bad_request

MOST_BYTES = 10_000_000
MOST_WIDTH_AND_HEIGHT_PX = 10_000
MOST_RATIO = 20
SIDES_PX = (90, 320, 800, 1280)
"""Longer sides of the sizes that are kept, each where the picture is larger; and the last."""


@dataclass(frozen=True)
class StoredFile:
    """One size of one picture."""

    file_id: str
    width: int
    height: int
    jpeg: bytes

    @property
    def unique_id(self) -> str:
        return f"u{self.file_id[-12:]}"

    @property
    def path(self) -> str:
        """Below `/file/bot<token>/`."""
        return f"photos/{self.file_id}.jpg"

    def photo_size(self) -> dict[str, Any]:
        """PhotoSize of the Bot API."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "width": self.width,
            "height": self.height,
            "file_size": len(self.jpeg),
        }

    def file(self) -> dict[str, Any]:
        """File of the Bot API."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.jpeg),
            "file_path": self.path,
        }


class PhotoShelf:
    """All pictures of all chats, by file id."""

    def __init__(self) -> None:
        self._sizes_of: dict[str, tuple[StoredFile, ...]] = {}
        self._count = 0

    def keep(self, content: bytes) -> tuple[StoredFile, ...]:
        """The sizes of an uploaded picture, smallest first.

        Raises:
            ApiError: 400, where Telegram would refuse it as a photo.
        """
        picture = _checked(content)
        self._count += 1
        sizes = tuple(self._scaled(picture, side_px) for side_px in _sides_for(picture))
        self._sizes_of.update((size.file_id, sizes) for size in sizes)
        return sizes

    def sizes(self, file_id: str) -> tuple[StoredFile, ...]:
        """All sizes of the picture that has a size of this id; none where it is unknown."""
        return self._sizes_of.get(file_id, ())

    def one(self, file_id: str) -> StoredFile | None:
        """The size of this id."""
        return next((size for size in self.sizes(file_id) if size.file_id == file_id), None)

    def _scaled(self, picture: Image.Image, side_px: int) -> StoredFile:
        scaled = picture.copy()
        scaled.thumbnail((side_px, side_px))
        buffer = io.BytesIO()
        scaled.save(buffer, "JPEG", quality=87)
        file_id = f"AgACAgQAAxk{self._count:06d}x{side_px:04d}"
        return StoredFile(file_id, scaled.width, scaled.height, buffer.getvalue())


def _sides_for(picture: Image.Image) -> tuple[int, ...]:
    longer_px = max(picture.size)
    return (*(side for side in SIDES_PX[:-1] if side < longer_px), SIDES_PX[-1])


def _checked(content: bytes) -> Image.Image:
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > MOST_BYTES:
        raise bad_request(f"file of size {len(content)} bytes is too big for a photo")
    try:
        picture = Image.open(io.BytesIO(content))
        _check_dimensions(*picture.size)
        return picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error


def _check_dimensions(width: int, height: int) -> None:
    too_large = width + height > MOST_WIDTH_AND_HEIGHT_PX
    if too_large or max(width, height) > MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
