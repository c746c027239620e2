"""What is to be done with one file, and what came of it. Loads no decoder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.batch.video import VideoOptions


class ItemKind(StrEnum):
    """How a file is read."""

    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True)
class ItemTask:
    """Read one file. Can be pickled, and sent as JSON (`core.batch.wire`).

    Attributes:
        path: as it was given; it stands so in the table.
        folder: exists and is empty: for all that is written.
        options: for pictures, too, which use its settings.
        models_root: the folder of the models.
        annotated: also write the file with its faces marked here; "" for not.
    """

    path: str
    kind: ItemKind
    folder: str
    options: VideoOptions
    models_root: str
    annotated: str = ""


@dataclass(frozen=True)
class AnnotateTask:
    """Mark the faces in a video that was read before.

    Attributes:
        folder: of the `ItemTask` that read it.
        annotated: the file to write.
    """

    path: str
    folder: str
    options: VideoOptions
    annotated: str


@dataclass(frozen=True)
class ItemOutcome:
    """What came of one file.

    Attributes:
        path: as it was given.
        faces: found in a picture; most at once in a video.
        rows: of its table.
        problem: a sentence where it could not be read, or not to its end; "" for all well.
        remark: a sentence on why a file that was read has no rows, or poor ones; or "".
        parquet: its table; "" where nothing could be read.
    """

    path: str
    faces: int = 0
    rows: int = 0
    problem: str = ""
    remark: str = ""
    parquet: str = ""


@dataclass(frozen=True)
class Failed:
    """The work could not be done, and it is not the file's fault: other files will fail, too."""

    sentence: str
    cause: str


@dataclass(frozen=True)
class Stopped:
    """The work was cancelled, and nothing half-made is left."""


Task = ItemTask | AnnotateTask
