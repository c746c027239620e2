"""What training and evaluation work on: faces, their labels, and the part that each plays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.expression.labels import FER7, FERPLUS8


class Split(StrEnum):
    """FER2013's splits: train on the first, choose on the second, report the third once."""

    TRAINING = "training"
    PUBLIC = "public"
    PRIVATE = "private"


# Names under which data sets know the three, in any case.
_SPLIT_NAMES = {
    Split.TRAINING: {"training", "train"},
    Split.PUBLIC: {"public", "publictest", "validation", "valid", "val", "dev"},
    Split.PRIVATE: {"private", "privatetest", "testing", "test"},
}

# Labels under which other data sets know ours.
_SAME_LABEL = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}


def split_named(name: str) -> Split | None:
    """The split that a data set means by this name, if it is one."""
    return next((split for split, names in _SPLIT_NAMES.items() if name.casefold() in names), None)


def label_named(name: str) -> str:
    """A label as the project writes it: lower case, and one word for one expression."""
    plain = name.strip().casefold()
    return _SAME_LABEL.get(plain, plain)


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Grey faces with hard labels and, where there was a crowd, its votes.

    Faces are grey whatever the pictures were: an expression is not in the colours, and the camera's
    way hands grey faces to every model.

    Attributes:
        images_grey: uint8 (n, height, width).
        label_index: int64 (n,), index into `labels`.
        votes: float32 (n, 8), share of votes per FERPlus class; rows sum to 1, or to 0 where no
            vote can be used.
        labels: the names behind `label_index`.
        persons: str (n,), whose face it is, "" where that is unknown; None where nobody is named.
    """

    images_grey: npt.NDArray[np.uint8]
    label_index: npt.NDArray[np.int64]
    votes: npt.NDArray[np.float32]
    labels: tuple[str, ...] = FER7
    persons: npt.NDArray[np.str_] | None = None

    def __len__(self) -> int:
        return len(self.images_grey)

    def select(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.int64] | slice) -> LabelledFaces:
        """The same faces, only these rows."""
        return replace(
            self,
            images_grey=self.images_grey[rows],
            label_index=self.label_index[rows],
            votes=self.votes[rows],
            persons=None if self.persons is None else self.persons[rows],
        )

    def sample(self, limit: int | None, seed: int) -> LabelledFaces:
        """At most so many faces, drawn by chance, in their order; all of them for None."""
        if limit is None or limit >= len(self):
            return self
        rows = np.random.default_rng(seed).permutation(len(self))[:limit]
        return self.select(np.sort(rows))

    def reading(self, labels: tuple[str, ...]) -> LabelledFaces:
        """Only the faces of these labels, numbered in this order.

        Raises:
            DatasetError: one of the labels is not among those of the data.
        """
        unknown = [label for label in labels if label not in self.labels]
        if unknown:
            known = ", ".join(self.labels)
            raise DatasetError(f"No face is labelled {' or '.join(unknown)}. There are: {known}.")
        return self.known_to(labels)

    def known_to(self, labels: tuple[str, ...]) -> LabelledFaces:
        """Only the faces whose label is among these, numbered in this order; there may be none."""
        place = np.array([labels.index(name) if name in labels else -1 for name in self.labels])
        index = place[self.label_index]
        faces = replace(self, label_index=index.astype(np.int64), labels=labels)
        return faces.select(index >= 0)

    def counts(self) -> dict[str, int]:
        """Faces per label."""
        numbers = np.bincount(self.label_index, minlength=len(self.labels)).tolist()
        return dict(zip(self.labels, numbers, strict=True))


def no_votes(faces: int) -> npt.NDArray[np.float32]:
    """The votes of faces that no crowd has seen."""
    return np.zeros((faces, len(FERPLUS8)), np.float32)
