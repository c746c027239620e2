"""What a reader of files hands on: faces, and the splits that the source itself names."""

from __future__ import annotations

from dataclasses import dataclass

from core.training.datasets.faces import LabelledFaces
from core.training.datasets.report import Skipped
from core.training.datasets.splitting import SplitNames


@dataclass(frozen=True, eq=False)
class Source:
    """All faces of one file or folder, before they are distributed.

    Attributes:
        faces: in the order of the source.
        splits: the value of each face's Split, "" where the source does not say.
        skipped: what could not be taken, and why.
    """

    faces: LabelledFaces
    splits: SplitNames
    skipped: tuple[Skipped, ...] = ()
