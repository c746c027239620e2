"""Uploaded videos that wait for the page: each in a folder that only this user can read."""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

VIDEO_FILE = "video"
"""Name of an upload in its folder; what it is called for people stands elsewhere."""

LARGEST_MB = 500
SPARE_BYTES = 1_000_000_000
"""Of the disk that no upload fills: the database of the alerts may lie on it, too."""

_TOO_LARGE = f"The video is larger than {LARGEST_MB} MB. Choose a shorter one."
_NO_ROOM = (
    "The disk of the computer that runs Mien has no room for this video. Nothing of it was kept. "
    "Make some room there, or choose a shorter one."
)
_NOT_WRITTEN = (
    "The video could not be written to the disk of the computer that runs Mien. Nothing of it was "
    "kept. Make sure that the data folder can be written, and try again."
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """One upload.

    Attributes:
        folder: its own; None where it could not be kept.
        problem: the sentence why not.
    """

    folder: Path | None
    size_bytes: int
    problem: str = ""


class Arrivals:
    """Of this server; any thread may use it.

    Args:
        root: the folder of all uploads' folders; made when it is needed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._waiting: dict[str, Arrival] = {}

    def new_folder(self) -> Path:
        """An empty one, whose name nobody guesses; OSError."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._root / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700)
        return folder

    def has_room(self, size_bytes: int) -> bool:
        """Whether the disk can take so much and keep some to spare; OSError."""
        return shutil.disk_usage(self._root).free >= size_bytes + SPARE_BYTES

    def wait(self, arrival: Arrival) -> str:
        """Keep it for whoever brings the ticket that this returns."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._waiting[ticket] = arrival
        return ticket

    def claim(self, ticket: str) -> Arrival | None:
        """Once; from then on the folder is the caller's. None for a ticket that is not known."""
        with self._lock:
            return self._waiting.pop(ticket, None)

    def drop(self, ticket: str) -> None:
        """Nobody will come for it."""
        arrival = self.claim(ticket)
        if arrival is not None and arrival.folder is not None:
            erase(arrival.folder)


class Intake:
    """The file of one upload while it comes in. What goes wrong is said once, in the end."""

    def __init__(self, arrivals: Arrivals, expected_bytes: int) -> None:
        self._arrivals = arrivals
        self._size_bytes = 0
        self._problem = ""
        self._folder: Path | None = None
        self._file: BinaryIO | None = None
        try:
            self._folder = arrivals.new_folder()
            path = self._folder / VIDEO_FILE
            path.touch(mode=0o600, exist_ok=False)
            self._file = path.open("wb")
            self._check_room(expected_bytes)
        except OSError as error:
            self._fail(error)

    def write(self, block: bytes) -> None:
        """The next bytes; after a problem they are let go."""
        self._size_bytes += len(block)
        if self._size_bytes > LARGEST_MB * 1024 * 1024:
            self._problem = _TOO_LARGE
        if self._problem:
            return
        try:
            self._check_room(len(block))
            if self._file is not None and not self._problem:
                self._file.write(block)
        except OSError as error:
            self._fail(error)

    def finish(self) -> Arrival:
        """The upload came to its end."""
        try:
            if self._file is not None:
                self._file.close()
        except OSError as error:
            self._fail(error)
        if self._problem:
            self.abandon()
        return Arrival(self._folder, self._size_bytes, self._problem)

    def abandon(self) -> None:
        """Nothing of it stays."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if self._folder is not None:
            erase(self._folder)
            self._folder = None

    def _check_room(self, size_bytes: int) -> None:
        if not self._arrivals.has_room(size_bytes):
            self._problem = _NO_ROOM

    def _fail(self, error: OSError) -> None:
        _log.warning("An upload could not be written: %r", error)
        self._problem = _NOT_WRITTEN


def erase(folder: Path) -> None:
    """With all that is in it; what cannot be erased now is erased at the next start."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        _log.warning("Not erased: %r", error)
