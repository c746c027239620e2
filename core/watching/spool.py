"""What could not be recorded when the server ended, kept in a file for the next start."""

from __future__ import annotations

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.alerts.alert import NewAlert, WhyItFired
from core.alerts.change import Ending, ScorePoint
from core.alerts.policy_json import built

LOGGER = logging.getLogger(__name__)

FILE_NAME = "unrecorded.jsonl"


@dataclass(frozen=True)
class Left:
    """One alert.

    Attributes:
        alert_id: its id.
        new: that it fired; None where that was recorded.
        over: when and why it ended; None where it had not, or where that was recorded.
    """

    alert_id: str
    new: NewAlert | None
    over: tuple[datetime, Ending] | None


class Spool:
    """A file in the data folder, for its owner alone. What fails is logged and stops nothing."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME

    def write(self, left: Iterable[Left]) -> None:
        """These, in place of those before."""
        aside = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            aside.unlink(missing_ok=True)
            with os.fdopen(
                os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as file:
                file.writelines(json.dumps(asdict(one), default=_plain) + "\n" for one in left)
            aside.replace(self._path)  # whole or not at all
        except OSError as error:
            LOGGER.error("Unrecorded alerts could not be kept: %s", type(error).__name__)

    def read(self) -> tuple[Left, ...]:
        """Those of the server before; a line that cannot be read loses none of the others."""
        try:
            lines = self._path.read_text().splitlines()
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            LOGGER.error("Unrecorded alerts cannot be read: %s", type(error).__name__)
            return ()
        return tuple(left for line in lines if (left := _left(line)) is not None)

    def clear(self) -> None:
        """All of them are recorded."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            LOGGER.warning("Recorded alerts stay in the spool: %s", type(error).__name__)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else b64encode(value).decode()  # type: ignore[arg-type]


def _left(line: str) -> Left | None:
    try:
        return built(Left, json.loads(line), {"alert_id": str, "new": _new, "over": _over})
    except (ValueError, TypeError, KeyError) as error:
        LOGGER.error("An unrecorded alert cannot be read: %s", type(error).__name__)
        return None


def _optional(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda kept: None if kept is None else read(kept)


_at = datetime.fromisoformat
_over = _optional(lambda kept: (_at(kept[0]), Ending(kept[1])))
_WHY: Mapping[str, Callable[[Any], Any]] = {
    "trail": lambda kept: tuple(built(ScorePoint, point, {"at_utc": _at}) for point in kept),
    "enter": _optional(float),
    "exit": _optional(float),
    "dwell_began_utc": _optional(_at),
}
_NEW: Mapping[str, Callable[[Any], Any]] = {
    "person": _optional(int),
    "fired_utc": _at,
    "why": lambda kept: built(WhyItFired, kept, _WHY),
    "picture_jpeg": _optional(b64decode),
}
_new = _optional(lambda kept: built(NewAlert, kept, _NEW))
