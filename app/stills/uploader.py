"""What the page remembers of Streamlit's uploader, which forgets its files with every page change.

The pictures live in the tray. A file that is taken out of the uploader leaves the tray too; files
that vanish because another page was visited stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from app.stills.tray import digest_of


class UploadedFile(Protocol):
    """What is needed of Streamlit's class of this name."""

    @property
    def file_id(self) -> str:
        """Differs for each upload, also of the same content."""

    def getvalue(self) -> bytes:
        """The content."""


File = TypeVar("File", bound=UploadedFile)


class Uploader:
    """Which uploads were taken over, and which were refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self._digests: dict[str, str] = {}
        self._generation = 0

    @property
    def key(self) -> str:
        """Of the widget."""
        return f"stills-files-{self._generation}"

    def fresh(self, files: Sequence[File]) -> list[File]:
        """Those that were not taken over yet. An empty uploader means: the page was opened anew."""
        if not files:
            self._digests.clear()
        return [file for file in files if file.file_id not in self._digests]

    def taken(self, files: Sequence[UploadedFile], refused: Sequence[str]) -> None:
        """These need not be looked at again; `refused` are the sentences about some of them."""
        self._digests |= {file.file_id: digest_of(file.getvalue()) for file in files}
        self.refused += refused

    def removed(self, files: Sequence[UploadedFile]) -> set[str]:
        """After the person changed the uploader: the contents that it does not hold any more."""
        present = {file.file_id for file in files}
        kept = {digest for id_, digest in self._digests.items() if id_ in present}
        gone = set(self._digests.values()) - kept
        self._digests = {id_: d for id_, d in self._digests.items() if id_ in present}
        self.refused.clear()
        return gone

    def empty(self) -> None:
        """Start over with an empty widget."""
        self.refused.clear()
        self._digests.clear()
        self._generation += 1
