"""Uploaded videos that wait for the page: each in a folder that only this user can read."""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.clock import Clock
from core.work.folder import erase

_LONGEST_NAME = 200
"""Bytes."""

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
        path: of the video in it.
        problem: the sentence why it could not be kept.
    """

    folder: Path | None
    path: Path
    size_bytes: int
    problem: str = ""


class Arrivals:
    """Of this server; any thread may use it.

    Args:
        new_folder: makes an empty one for this user alone; OSError.
        clock: tells how long one has waited.
    """

    def __init__(self, new_folder: Callable[[], Path], clock: Clock) -> None:
        self.new_folder = new_folder
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[float, Arrival]] = {}

    def wait(self, arrival: Arrival) -> str:
        """Keep it for whoever brings the ticket that this returns."""
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._waiting[ticket] = self._clock.monotonic_s(), arrival
        return ticket

    def claim(self, ticket: str) -> Arrival | None:
        """Once; from then on the folder is the caller's. None for a ticket that is not known."""
        with self._lock:
            _, arrival = self._waiting.pop(ticket, (0.0, None))
        return arrival

    def drop(self, ticket: str) -> None:
        """Nobody will come for it."""
        arrival = self.claim(ticket)
        if arrival is not None and arrival.folder is not None:
            erase(arrival.folder)

    def drop_before(self, since_s: float) -> None:
        """Nobody came for those that wait since before this monotonic time."""
        with self._lock:
            old = [ticket for ticket, (came_s, _) in self._waiting.items() if came_s < since_s]
        for ticket in old:
            self.drop(ticket)


class Intake:
    """The file of one upload while it comes in. What goes wrong is said once, in the end."""

    def __init__(self, arrivals: Arrivals, name: str, expected_bytes: int) -> None:
        self._path = Path(safe_name(name))
        self._size_bytes = 0
        self._problem = ""
        self._folder: Path | None = None
        self._file: BinaryIO | None = None
        try:
            self._folder = arrivals.new_folder()
            self._path = self._folder / self._path
            self._path.touch(mode=0o600, exist_ok=False)
            self._file = self._path.open("wb")
            self._check_room(expected_bytes)
        except OSError as error:
            self._fail(error)

    def write(self, block: bytes) -> None:
        """The next bytes; after a problem they are let go."""
        self._size_bytes += len(block)
        if self._size_bytes > LARGEST_MB * 1_000_000:
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
        return Arrival(self._folder, self._path, self._size_bytes, self._problem)

    def abandon(self) -> None:
        """Nothing of it stays."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if self._folder is not None:
            erase(self._folder)
            self._folder = None

    def _check_room(self, size_bytes: int) -> None:
        if shutil.disk_usage(self._path.parent).free < size_bytes + SPARE_BYTES:
            self._problem = _NO_ROOM

    def _fail(self, error: OSError) -> None:
        _log.warning("An upload could not be written: %r", error)
        self._problem = _NOT_WRITTEN


def safe_name(name: str) -> str:
    """A file's name as a browser gives it, fit for the disk and still known to its owner."""
    last = "".join(c if c.isprintable() else "_" for c in re.split(r"[/\\]", name)[-1])
    stem, dot, ending = last.rpartition(".")
    short = stem.strip(" .").encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{short or 'video'}{dot}{ending[:10]}"
