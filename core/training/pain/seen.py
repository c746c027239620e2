"""Faces that were looked at by eye, because no formula tells a grimace from a shout.

The teacher's strongest faces, and those most like them to an expression network, were shown on
sheets of a hundred; each was judged to show pain beyond doubt, to show none, or to be doubtful.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.training.datasets import LabelledFaces, Split
from core.training.pseudo_labels import digest_of

_FILE = Path(__file__).with_name("seen_faces.json")

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SeenFaces:
    """Rows of one split, in the order of `load_fer2013`."""

    pain: Rows
    none: Rows
    doubtful: Rows


def seen_faces(split: Split, faces: LabelledFaces) -> SeenFaces:
    """What was judged of the faces of a whole split; nothing where they are not FER2013's."""
    judged = json.loads(_FILE.read_text(encoding="utf-8")).get(split.value, {})
    if judged.get("digest") != digest_of(faces):
        judged = {}
    return SeenFaces(
        *(np.array(judged.get(name, ()), np.int64) for name in ("pain", "none", "doubtful"))
    )
