"""Which cameras are watched, kept in a file: a server that comes back knows whom it left alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

LOGGER = logging.getLogger(__name__)

FILE_NAME = "watched.json"


@dataclass(frozen=True)
class Entry:
    """One camera that people rely on.

    Attributes:
        number: its place among the cameras of this server.
        browser: names its browser; "" for unknown.
        seen_utc: when it was last known to be watched.
        ids: under which it was watched, oldest first: snoozes go by them.
    """

    number: int
    browser: str
    seen_utc: datetime
    ids: tuple[str, ...] = ()


class Logbook:
    """One for each server, in its data folder. What cannot be written or read is logged once, and
    the watching goes on: only the memory over a restart is missing.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._is_troubled = False

    def write(self, entries: Iterable[Entry]) -> None:
        """All that are watched now, in place of those before."""
        written = [{**asdict(entry), "seen_utc": entry.seen_utc.isoformat()} for entry in entries]
        aside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(written), encoding="utf-8")
            aside.replace(self._path)  # whole or not at all
        except OSError as error:
            self._report(error)
        else:
            self._is_troubled = False

    def read(self) -> tuple[Entry, ...]:
        """Those of the server that ran here before; none where there is no file."""
        try:
            return tuple(map(_entry, json.loads(self._path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError) as error:
            self._report(error)
            return ()

    def _report(self, error: Exception) -> None:
        if not self._is_troubled:
            LOGGER.warning("The list of watched cameras is not kept: %s", type(error).__name__)
        self._is_troubled = True


def _entry(written: dict[str, object]) -> Entry:
    seen_utc = datetime.fromisoformat(str(written["seen_utc"]))
    if seen_utc.tzinfo is None:
        raise ValueError("a time without its zone")
    ids = written.get("ids", [])
    if not isinstance(ids, list):
        raise TypeError("ids that are no list")
    return Entry(
        int(str(written["number"])), str(written["browser"]), seen_utc, tuple(map(str, ids))
    )
