"""Where a camera's pictures come from."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """What is kept or reported of people must leave out what is no person."""

    CAMERA = "camera"
    DEMO = "demo"
