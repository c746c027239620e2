"""Finds the Chromium that the browser tests drive. Standard library only: set-up uses it too."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

MISSING = (
    "The browser tests need Chromium: install the package chromium (or set MIEN_CHROMIUM to the "
    "path of one), then run the same command again."
)


def find_chromium() -> str | None:
    """The path of a usable Chromium: `MIEN_CHROMIUM`, the system's, or Playwright's own build."""
    if chosen := os.environ.get("MIEN_CHROMIUM"):
        return chosen if os.access(chosen, os.X_OK) else None
    found = (shutil.which(name) for name in _NAMES)
    system = next((path for path in found if path and not _is_snap(Path(path))), None)
    return system or _playwright_build()


def _is_snap(path: Path) -> bool:
    """Ubuntu's package is a stub for a snap, whose private /tmp hides the fake camera's file."""
    if "/snap/" in str(path) or path.resolve().name == "snap":
        return True
    return path.stat().st_size < 10_000 and b"snap install" in path.read_bytes()


def _playwright_build() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    builds = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(builds[-1]) if builds else None
