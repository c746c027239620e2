"""One connection of a camera, or one video, with all that was read in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class SessionSource(StrEnum):
    """Where a session's pictures came from."""

    CAMERA = "camera"
    VIDEO = "video"


@dataclass(frozen=True)
class Session:
    """As a person looks back on it.

    Attributes:
        id: of the database.
        camera_id: of the camera's connection.
        name: given by a person; "" for none.
        model: whose readings are shown; "" for sessions older than this was kept.
        sure_from: confidence from which a second has a likeliest expression.
        began_utc, last_utc: beginning of its first and end of its last second; they never go back.
    """

    id: int
    camera_id: str
    camera_name: str
    name: str
    source: SessionSource
    model: str
    sure_from: float
    began_utc: datetime
    last_utc: datetime

    @property
    def title(self) -> str:
        """Its name, or else its camera's."""
        return self.name or self.camera_name

    @property
    def watch_id(self) -> str:
        """Of the watch over its camera, which alerts name: "id" of "id", "id-2", "id-3" …"""
        return self.camera_id.partition("-")[0]

    @property
    def length(self) -> timedelta:
        return self.last_utc - self.began_utc
