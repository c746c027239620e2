"""The pictures that one visitor has laid out. In memory only, and only as long as the visit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from core.stills.still import Still
from core.stills.table import PictureResult

MOST_PICTURES = 100
MOST_BYTES = 300_000_000


@dataclass(frozen=True)
class ReadWith:
    """What a result depends on besides the picture; another choice means reading again."""

    model: str
    detector: str


@dataclass(frozen=True)
class TrayPicture:
    """One file.

    Attributes:
        digest: sha256 of its content.
        name: as uploaded.
        data: its bytes; empty where it could not be read, nobody needs them again.
        read_with: what it was read with.
        still: what was found; None where the file could not be read.
        preview_jpeg: a small upright copy, for showing.
        problem: the sentence for a file that could not be read.
    """

    digest: str
    name: str
    data: bytes
    read_with: ReadWith
    still: Still | None = None
    preview_jpeg: bytes = b""
    problem: str = ""

    @property
    def result(self) -> PictureResult:
        """For the table."""
        return PictureResult(self.name, self.still, self.problem)


class Tray:
    """The pictures by content, in the order in which they came; bounded in number and size."""

    def __init__(self, most_pictures: int = MOST_PICTURES, most_bytes: int = MOST_BYTES) -> None:
        self._most_pictures = most_pictures
        self._most_bytes = most_bytes
        self._pictures: dict[str, TrayPicture] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def pictures(self) -> tuple[TrayPicture, ...]:
        """All, in the order in which they came."""
        return tuple(self._pictures.values())

    def refusal(self, digest: str, size_bytes: int) -> str | None:
        """Why a file of this content cannot be laid down; None where it can."""
        if digest in self._pictures:
            return None
        if len(self) >= self._most_pictures:
            return f"the page holds {self._most_pictures} pictures at most"
        if size_bytes + sum(len(picture.data) for picture in self.pictures) > self._most_bytes:
            return f"the page holds {self._most_bytes // 1_000_000} MB at most"
        return None

    def lay_down(self, picture: TrayPicture) -> None:
        """Add a picture, or replace the one of the same content where it lies."""
        self._pictures[picture.digest] = picture

    def holds(self, digest: str, read_with: ReadWith) -> bool:
        """Whether this content was already read in this way."""
        picture = self._pictures.get(digest)
        return picture is not None and picture.read_with == read_with

    def stale(self, read_with: ReadWith) -> tuple[TrayPicture, ...]:
        """Pictures that were read in another way."""
        return tuple(
            picture
            for picture in self.pictures
            if picture.still is not None and picture.read_with != read_with
        )

    def remove(self, digests: Iterable[str]) -> None:
        """Forget these pictures."""
        for digest in digests:
            self._pictures.pop(digest, None)


def digest_of(data: bytes) -> str:
    """What two files of the same content share."""
    return hashlib.sha256(data).hexdigest()
