"""The front door: whatever holds faces, distributed over training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.errors import DatasetError
from core.training.datasets.cache import cached, content_key
from core.training.datasets.faces import LabelledFaces, Split
from core.training.datasets.fer2013 import read_fer2013_csv
from core.training.datasets.folder import list_pictures, read_pictures
from core.training.datasets.framing import Framing, resized
from core.training.datasets.npz import read_npz
from core.training.datasets.report import LoadReport
from core.training.datasets.source import Source
from core.training.datasets.splitting import SHARES, SplitNames, is_split_by_person, split_of_each

_SEED = 7


@dataclass(frozen=True, eq=False)
class Dataset:
    """One source's faces by split, and the report of its loading."""

    splits: Mapping[Split, LabelledFaces]
    report: LoadReport

    def __getitem__(self, split: Split) -> LabelledFaces:
        return self.splits[split]


def load(
    path: Path,
    framing: Framing | None = None,
    seed: int = _SEED,
    cache_folder: Path | None = None,
) -> Dataset:
    """Faces from `fer2013.csv`, from an npz, or from a folder per class.

    Splits that the source names are kept. Missing ones are drawn from its training faces: whole
    persons where at least three are named, else single faces, with every label in its share.

    Args:
        path: of the file or folder.
        framing: how pictures become faces; files of faces are only reduced to its size.
        seed: of the splits that are drawn.
        cache_folder: where decoded faces are kept for the next time; None for nowhere.

    Raises:
        DatasetError: nothing that can be learned from is there; the sentence says why.
        DetectorError: faces are to be found, and this installation has no detector.
    """
    framing = framing or Framing()
    source = _reduced(_read(path, framing, cache_folder), framing.side_px)
    present = [label for label, faces in source.faces.counts().items() if faces]
    if len(present) < 2:
        raise DatasetError(
            f"All faces of {path.name} have the label “{present[0]}”: there is nothing to tell "
            "apart. At least two classes are needed."
        )
    splits, note = _distributed(source, seed)
    parts = {split: source.faces.select(splits == split.value) for split in Split}
    if not (len(parts[Split.TRAINING]) and len(parts[Split.PUBLIC])):
        raise DatasetError(
            f"{path.name} has too few faces to learn from some and to judge by others: "
            f"{len(source.faces)}."
        )
    notes = (note,) if note else ()
    return Dataset(parts, LoadReport(len(source.faces), source.skipped, notes))


def joined(parts: Sequence[LabelledFaces]) -> LabelledFaces:
    """Faces of several sources as one; labels are united, smaller pictures enlarged.

    Persons of different sources are taken for different persons.
    """
    if len(parts) == 1:
        return parts[0]
    labels = tuple(dict.fromkeys(label for part in parts for label in part.labels))
    side_px = max(part.images_grey.shape[1] for part in parts)
    parts = [_relabelled(part, labels) for part in parts]
    persons = [
        np.array([f"{number}/{person}" if person else "" for person in part.persons.tolist()])
        if part.persons is not None
        else np.full(len(part), "")
        for number, part in enumerate(parts)
    ]
    return LabelledFaces(
        np.concatenate([resized(part.images_grey, side_px) for part in parts]),
        np.concatenate([part.label_index for part in parts]),
        np.concatenate([part.votes for part in parts]),
        labels,
        np.concatenate(persons) if any(part.persons is not None for part in parts) else None,
    )


def _read(path: Path, framing: Framing, cache_folder: Path | None) -> Source:
    if path.is_dir():
        pictures = list_pictures(path)
        places = [(one.name, one.label, one.split, one.person) for one in pictures]
        key = content_key([one.path for one in pictures], framing, places)
        return cached(cache_folder, key, lambda: read_pictures(pictures, framing))
    if not path.exists():
        raise DatasetError(f"There is no data file or folder at {path}.")
    match path.suffix.casefold():
        case ".npz":
            return read_npz(path)
        case ".csv":
            key = content_key([path])
            return cached(cache_folder, key, lambda: read_fer2013_csv(path))
        case _:
            raise DatasetError(
                f"{path.name} is no data that can be learned from. Give fer2013.csv, an npz, or a "
                "folder with a sub-folder of pictures for each class."
            )


def _distributed(source: Source, seed: int) -> tuple[SplitNames, str]:
    """A split for every face, and a sentence on what was drawn."""
    splits = source.splits.astype(f"<U{max(len(split.value) for split in Split)}")
    missing = [split for split in Split if not (splits == split.value).any()]
    if not missing and (splits != "").all():
        return splits, ""
    shares = {split: SHARES[split] for split in missing}
    shares[Split.TRAINING] = 1 - sum(SHARES[split] for split in shares if split != Split.TRAINING)
    drawn_from = (splits == "") | (splits == Split.TRAINING.value)
    faces = source.faces.select(drawn_from)
    splits[drawn_from] = split_of_each(faces, shares, seed)
    unit = "person" if is_split_by_person(faces) else "face"
    return splits, f"Split by chance, {unit} by {unit} (seed {seed})."


def _reduced(source: Source, side_px: int) -> Source:
    images_grey = source.faces.images_grey
    if max(images_grey.shape[1:]) <= side_px and images_grey.shape[1] == images_grey.shape[2]:
        return source
    return replace(source, faces=replace(source.faces, images_grey=resized(images_grey, side_px)))


def _relabelled(faces: LabelledFaces, labels: tuple[str, ...]) -> LabelledFaces:
    place = np.array([labels.index(name) for name in faces.labels], np.int64)
    return replace(faces, label_index=place[faces.label_index], labels=labels)
