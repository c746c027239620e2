"""The folder in which videos and exports lie for a while; none outlives the next start."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
from pathlib import Path

_log = logging.getLogger(__name__)


class WorkFolder:
    """Holds a folder for each piece of work, which only this user can read.

    Several servers of one user may share it: what the last one left is erased by the next one
    that starts alone.

    Args:
        root: made when it is needed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: int | None = None

    def open(self) -> None:
        """Erase what is left of earlier servers; OSError where the folder cannot be written."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _log.info("Another server works in the same folder.")
        else:
            for path in self.root.iterdir():
                if path.name != ".lock":
                    erase(path)
        fcntl.flock(lock, fcntl.LOCK_SH)
        self._lock = lock

    def new_folder(self) -> Path:
        """An empty one, whose name nobody guesses; OSError."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self.root / secrets.token_urlsafe(16)
        folder.mkdir(mode=0o700)
        return folder

    def close(self) -> None:
        """Another server that starts may erase what is left."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def erase(path: Path) -> None:
    """A file, or a folder with all that is in it; what cannot be erased is logged."""

    def note(_: object, name: str, error: tuple[object, BaseException, object]) -> None:
        _log.warning("Not erased: %s, %r", name, error[1])

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, onerror=note)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("Not erased: %s, %r", path, error)
