"""What is read of a batch and not yet in its table: kept on disk, so that a batch can go on."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from core.batch.task import ItemOutcome
from core.errors import BatchError
from core.tables.new_file import new_file, not_written
from core.work.folder import erase

_WORK, _LOCK = "work", ".lock"


class Parts:
    """A folder beside the table: for each finished file its table and what came of it.

    Of a file that could not be read nothing is kept, so that the next run tries it again. A file
    is known by a key that changes with its content and with how it is read.

    Args:
        folder: made by `open`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: int | None = None

    def open(self, *, restart: bool = False) -> None:
        """Take the folder; what an earlier run left half-made goes.

        Args:
            restart: what it finished goes, too.

        Raises:
            BatchError: another run has it, or it cannot be written.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchError("Another run is making the same table. Wait until it is done.") from (
                error
            )
        except OSError as error:
            sentence = f"“{self.folder}” cannot be written. Choose another place with --out."
            raise BatchError(sentence, repr(error)) from error
        for path in self.folder.iterdir():
            if path.name == _WORK or (restart and path.name != _LOCK):
                erase(path)

    def finished(self, key: str) -> ItemOutcome | None:
        """What came of a file; None for one that is still to be read."""
        table = self._table(key)
        with suppress(FileNotFoundError, ValueError, TypeError):
            outcome = ItemOutcome(**json.loads(self._outcome(key).read_bytes()))
            return replace(outcome, parquet=str(table)) if table.exists() else None
        return None

    def work_folder(self, key: str) -> Path:
        """For one file while it is read; empty. TableError."""
        folder = self.folder / _WORK / key
        make_folder(folder)
        return folder

    def keep(self, key: str, outcome: ItemOutcome) -> ItemOutcome:
        """A file was read: from now on it is finished, and its table lies elsewhere. TableError."""
        table = self._table(key)
        try:
            Path(outcome.parquet).replace(table)
        except OSError as error:
            raise not_written(error) from error
        with new_file(self._outcome(key)) as part:
            part.write_text(json.dumps(asdict(outcome)))
        return replace(outcome, parquet=str(table))

    def drop_work(self, key: str) -> None:
        """The folder that a file had while it was read."""
        erase(self.folder / _WORK / key)

    def close(self) -> None:
        """Let the next run have it."""
        erase(self.folder / _WORK)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """All of it is in the table."""
        erase(self.folder)

    def _table(self, key: str) -> Path:
        return self.folder / f"{key}.parquet"

    def _outcome(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def make_folder(folder: Path) -> None:
    """With all above it, where it is not there; TableError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(error) from error
