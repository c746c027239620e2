"""FER2013 as the project's npz, with FERPlus votes, or as the original `fer2013.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.expression.labels import FER7, FERPLUS8
from core.training.datasets.faces import LabelledFaces, Split, no_votes, split_named
from core.training.datasets.report import Skipped
from core.training.datasets.source import Source

ARRAYS = ("images", "label", "usage", "ferplus", "ferplus_named", "flag")
"""Of the npz. One that has them all is FER2013."""

_SIDE_PX = 48
_UNKNOWN_PAIRING = 1
_OUTLIER_VOTES = 1
_ORDER = (Split.TRAINING, Split.PUBLIC, Split.PRIVATE)
_BLANK_BELOW = 1.0  # Grey levels of deviation: 12 pictures have none at all.

Arrays = Mapping[str, npt.NDArray[np.uint8]]


def load_fer2013(path: Path, split: Split) -> LabelledFaces:
    """One official split of FER2013 with FERPlus votes, from the npz that the project describes.

    Blank pictures are left out of Training only, so that test figures stay comparable.

    Raises:
        DatasetError: the file is missing, is not such an npz or lacks an array.
    """
    arrays = _read_arrays(path)
    rows = arrays["usage"] == _ORDER.index(split)
    faces = _faces(arrays).select(rows)
    return faces.select(~is_blank(faces.images_grey)) if split is Split.TRAINING else faces


def load_ferplus(path: Path, split: Split) -> LabelledFaces:
    """The faces of one split on whose expression FERPlus's annotators agree, by majority vote.

    Its authors' protocol: single votes are left out as outliers; the winner needs more than half of
    the rest; faces won by "unknown" or "not a face" are left out (Barsoum et al. 2016).

    Raises:
        DatasetError: as for `load_fer2013`.
    """
    arrays = _read_arrays(path)
    votes = np.where(arrays["ferplus"] <= _OUTLIER_VOTES, 0, arrays["ferplus"].astype(np.int64))
    winner = votes.argmax(axis=1)
    agreed = 2 * votes.max(axis=1) > votes.sum(axis=1)
    usable = agreed & (winner < len(FERPLUS8)) & ~_without_votes(arrays)
    faces = replace(_faces(arrays), label_index=winner.astype(np.int64), labels=FERPLUS8)
    return faces.select(usable & (arrays["usage"] == _ORDER.index(split)))


def fer2013_source(arrays: Arrays) -> Source:
    """All of the npz, blank pictures left out of Training."""
    names = np.array([split.value for split in _ORDER])
    return _without_blank(_faces(arrays), names[arrays["usage"]])


def read_fer2013_csv(path: Path) -> Source:
    """`fer2013.csv`: columns emotion (0 to 6), pixels (48 × 48 numbers), and perhaps Usage.

    Raises:
        DatasetError: it is not such a file, or it uses a class that FER2013 does not have.
    """
    images, labels, splits, skipped = [], [], [], []
    try:
        for number, emotion, pixels, usage in _csv_rows(path):
            labels.append(_label(emotion, number, path.name))
            try:
                images.append(_image(pixels))
            except ValueError as error:
                labels.pop()
                skipped.append(Skipped(f"row {number}", str(error)))
                continue
            splits.append((split_named(usage) or "") if usage else "")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path.name} cannot be read as a table.", repr(error)) from error
    if not images:
        first = f" Its {skipped[0].name} {skipped[0].reason}" if skipped else ""
        raise DatasetError(f"{path.name} holds no face.{first}")
    faces = LabelledFaces(np.stack(images), np.array(labels, np.int64), no_votes(len(images)))
    source = _without_blank(faces, np.array(splits, np.str_))
    return Source(source.faces, source.splits, (*skipped, *source.skipped))


def twins_of(faces: LabelledFaces, training: LabelledFaces) -> npt.NDArray[np.bool_]:
    """Which faces have a pixel-identical copy in Training (288 of PrivateTest do)."""
    seen = {image.tobytes() for image in training.images_grey}
    return np.array([image.tobytes() in seen for image in faces.images_grey], dtype=np.bool_)


def is_blank(images_grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which pictures, (n, height, width), show nothing at all."""
    # Few have a range so small; the deviation of all at once would take half a gigabyte.
    pixels = images_grey.reshape(len(images_grey), -1)
    blank: npt.NDArray[np.bool_] = np.ptp(pixels, axis=1) <= 2 * _BLANK_BELOW * _SIDE_PX
    blank[blank] = pixels[blank].std(axis=1) < _BLANK_BELOW
    return blank


def _without_blank(faces: LabelledFaces, splits: npt.NDArray[np.str_]) -> Source:
    blank = is_blank(faces.images_grey) & (splits == Split.TRAINING.value)
    skipped = tuple(Skipped(f"face {row}", "is blank.") for row in np.flatnonzero(blank).tolist())
    return Source(faces.select(~blank), splits[~blank], skipped)


def _faces(arrays: Arrays) -> LabelledFaces:
    return LabelledFaces(arrays["images"], arrays["label"].astype(np.int64), _vote_shares(arrays))


def _read_arrays(path: Path) -> dict[str, npt.NDArray[np.uint8]]:
    try:
        # Opened here: numpy leaves its own handle open on a broken archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in ARRAYS}
    except FileNotFoundError as error:
        raise DatasetError(f"There is no data file at {path}.", repr(error)) from error
    except (OSError, EOFError, BadZipFile, ValueError, KeyError) as error:
        raise DatasetError(
            f"{path.name} is not a FER2013 npz with the arrays {', '.join(ARRAYS)}.", repr(error)
        ) from error


def _vote_shares(arrays: Arrays) -> npt.NDArray[np.float32]:
    """Votes as shares; single votes count as outliers, as in FERPlus's own protocol."""
    votes = arrays["ferplus"][:, : len(FERPLUS8)].astype(np.float32)
    votes[votes <= _OUTLIER_VOTES] = 0
    votes[_without_votes(arrays)] = 0
    total = votes.sum(axis=1, keepdims=True)
    shares: npt.NDArray[np.float32] = votes / np.maximum(total, 1)
    return shares


def _without_votes(arrays: Arrays) -> npt.NDArray[np.bool_]:
    """Rows that FERPlus removed, or whose votes may belong to another picture."""
    without: npt.NDArray[np.bool_] = ~arrays["ferplus_named"].astype(bool)
    return without | (arrays["flag"] & _UNKNOWN_PAIRING > 0)


def _csv_rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Row number (the first below the heading is 1), emotion, pixels, usage ("" if not there)."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        heading = [name.strip().casefold() for name in next(rows, [])]
        if not {"emotion", "pixels"} <= set(heading):
            raise DatasetError(f"{path.name} lacks the columns emotion and pixels of fer2013.csv.")
        places = [heading.index(name) for name in ("emotion", "pixels")]
        usage = heading.index("usage") if "usage" in heading else len(heading)
        for number, row in enumerate(rows, start=1):
            if row:
                padded = [*row, *[""] * (len(heading) + 1 - len(row))]
                yield number, padded[places[0]], padded[places[1]], padded[usage]


def _label(emotion: str, number: int, file_name: str) -> int:
    known = {str(index): index for index in range(len(FER7))}
    try:
        return known[emotion.strip()]
    except KeyError as error:
        raise DatasetError(
            f"Row {number} of {file_name} has the class “{emotion.strip()[:20]}”, and FER2013's "
            f"are 0 to {len(FER7) - 1}. Mend the row, or sort the pictures into a folder per class."
        ) from error


def _image(pixels: str) -> npt.NDArray[np.uint8]:
    """One face; a ValueError says what is wrong with the numbers."""
    try:
        values = np.fromstring(pixels, np.int32, sep=" ")
    except (ValueError, DeprecationWarning) as error:
        raise ValueError("has pixels that are not numbers.") from error
    if values.size != _SIDE_PX**2:
        raise ValueError(f"has not {_SIDE_PX} × {_SIDE_PX} pixels.")
    if values.min() < 0 or values.max() > 255:
        raise ValueError("has pixels outside 0 to 255.")
    return values.reshape(_SIDE_PX, _SIDE_PX).astype(np.uint8)
