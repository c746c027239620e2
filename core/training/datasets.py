"""Labelled faces for training and evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.expression.labels import FER7, FERPLUS8

_UNKNOWN_PAIRING = 1
_OUTLIER_VOTES = 1


class Split(StrEnum):
    """FER2013's splits: train on the first, choose on the second, report the third once."""

    TRAINING = "training"
    PUBLIC = "public"
    PRIVATE = "private"


_USAGE = {Split.TRAINING: 0, Split.PUBLIC: 1, Split.PRIVATE: 2}


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Grey faces of one split, with hard labels and crowd votes.

    Attributes:
        images_grey: uint8 (n, height, width).
        label_index: int64 (n,), index into `labels`.
        votes: float32 (n, 8), share of votes per FERPlus class; rows sum to 1, or to 0 where no
            vote can be used.
        labels: the names behind `label_index`.
    """

    images_grey: npt.NDArray[np.uint8]
    label_index: npt.NDArray[np.int64]
    votes: npt.NDArray[np.float32]
    labels: tuple[str, ...] = FER7

    def __len__(self) -> int:
        return len(self.images_grey)

    def select(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice) -> LabelledFaces:
        """The same faces, only these rows."""
        return LabelledFaces(
            self.images_grey[rows], self.label_index[rows], self.votes[rows], self.labels
        )


def load_fer2013(path: Path, split: Split) -> LabelledFaces:
    """One official split of FER2013 with FERPlus votes, from the npz that the project describes.

    Blank pictures are left out of Training only, so that test figures stay comparable.

    Raises:
        DatasetError: the file is missing, is not such an npz or lacks an array.
    """
    arrays = _read_arrays(path)
    rows = arrays["usage"] == _USAGE[split]
    faces = LabelledFaces(
        images_grey=arrays["images"][rows],
        label_index=arrays["label"][rows].astype(np.int64),
        votes=_vote_shares(arrays)[rows],
    )
    if split is not Split.TRAINING:
        return faces
    blank = faces.images_grey.reshape(len(faces), -1).std(axis=1) < 1.0
    return faces.select(~blank)


def twins_of(faces: LabelledFaces, training: LabelledFaces) -> npt.NDArray[np.bool_]:
    """Which faces have a pixel-identical copy in Training (288 of PrivateTest do)."""
    seen = {image.tobytes() for image in training.images_grey}
    return np.array([image.tobytes() in seen for image in faces.images_grey], dtype=np.bool_)


def _read_arrays(path: Path) -> dict[str, npt.NDArray[np.uint8]]:
    needed = ("images", "label", "usage", "ferplus", "ferplus_named", "flag")
    try:
        # Opened here: numpy leaves its own handle open on a broken archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in needed}
    except FileNotFoundError as error:
        raise DatasetError(f"There is no data file at {path}.", repr(error)) from error
    except (OSError, EOFError, BadZipFile, ValueError, KeyError) as error:
        raise DatasetError(
            f"{path.name} is not a FER2013 npz with the arrays {', '.join(needed)}.", repr(error)
        ) from error


def _vote_shares(arrays: Mapping[str, npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
    """Votes as shares; single votes count as outliers, as in FERPlus's own protocol."""
    votes = arrays["ferplus"][:, : len(FERPLUS8)].astype(np.float32)
    votes[votes <= _OUTLIER_VOTES] = 0
    unusable = ~arrays["ferplus_named"].astype(bool) | (arrays["flag"] & _UNKNOWN_PAIRING > 0)
    votes[unusable] = 0
    total = votes.sum(axis=1, keepdims=True)
    shares: npt.NDArray[np.float32] = votes / np.maximum(total, 1)
    return shares
