"""The analysis settings of this server: kept in a file, so that pages and restarts share them."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
from dataclasses import asdict, fields
from pathlib import Path

from core.monitoring.settings import AnalysisSettings
from core.vision.face import DetectorKind

SETTINGS_FILE = "settings.json"
SMALLEST_FACE_PX = (24, 240)
"""Least and most of `AnalysisSettings.smallest_face_px`."""
SURE_FROM = (0.2, 0.9)
"""Least and most of `AnalysisSettings.sure_from`."""
PLACE_LETTERS = 40
"""Most of `AnalysisSettings.place`."""

_log = logging.getLogger(__name__)


class SettingsStore:
    """One `AnalysisSettings`, in memory and as JSON in the data folder.

    Any thread may read and change it. A file that cannot be used is set aside, never overwritten:
    the defaults apply and `trouble` says so.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / SETTINGS_FILE
        self._lock = threading.Lock()
        self.trouble: str | None = None
        self._current = self._loaded()

    @property
    def current(self) -> AnalysisSettings:
        """What applies now."""
        return self._current

    def keep(self, settings: AnalysisSettings) -> None:
        """Apply and save; TypeError or ValueError for values that make no sense."""
        _check(settings)
        with self._lock:
            if settings != self._current:
                self._current = settings
                self._save(settings)

    def _loaded(self) -> AnalysisSettings:
        try:
            settings = settings_from_json(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return AnalysisSettings()
        except (OSError, ValueError, TypeError) as error:
            self._set_aside(error)
            return AnalysisSettings()
        return settings

    def _set_aside(self, cause: Exception) -> None:
        aside = self._path.with_suffix(".unreadable.json")
        self.trouble = (
            "The saved settings could not be read, so the usual ones apply. "
            f"The old file was kept as “{aside.name}”."
        )
        _log.warning("Settings set aside: %r", cause)
        try:
            self._path.replace(aside)
        except OSError as error:
            self.trouble = "The saved settings could not be read, so the usual ones apply."
            _log.warning("Settings could not be set aside: %r", error)

    def _save(self, settings: AnalysisSettings) -> None:
        try:
            _write_whole(self._path, json.dumps(asdict(settings), indent=2) + "\n")
        except OSError as error:
            self.trouble = (
                "The settings apply now but could not be saved; they will be lost at the next "
                "start. Check that the data folder can be written."
            )
            _log.warning("Settings not saved: %r", error)
        else:
            self.trouble = None


def settings_from_json(text: str) -> AnalysisSettings:
    """Settings as they were saved; what is missing takes its default, unknown names are ignored.

    Raises:
        ValueError, TypeError: not JSON, or a value of the wrong kind or outside its limits.
    """
    saved = json.loads(text)
    if not isinstance(saved, dict):
        raise TypeError("not an object")
    known = {
        field.name: saved[field.name] for field in fields(AnalysisSettings) if field.name in saved
    }
    if "detector" in known:
        known["detector"] = DetectorKind(known["detector"])
    settings = AnalysisSettings(**known)
    _check(settings)
    return settings


def _check(settings: AnalysisSettings) -> None:
    usual = AnalysisSettings()
    for field in fields(AnalysisSettings):
        value = getattr(settings, field.name)
        wanted = type(getattr(usual, field.name))
        # bool is an int to isinstance, and 1 would pass for 1.0
        if type(value) is not wanted:
            raise TypeError(f"{field.name} is {value!r}")
    limits: dict[str, tuple[float, float]] = {
        "smallest_face_px": SMALLEST_FACE_PX,
        "sure_from": SURE_FROM,
    }
    for name, (least, most) in limits.items():
        if not least <= getattr(settings, name) <= most:
            raise ValueError(f"{name} is {getattr(settings, name)!r}")
    if len(settings.place) > PLACE_LETTERS:
        raise ValueError("place is too long")


def _write_whole(path: Path, text: str) -> None:
    """Readers see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
