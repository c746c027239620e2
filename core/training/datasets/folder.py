"""Pictures in a folder per class: any label set, pictures of any size and colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import DatasetError, PhotoError
from core.training.datasets.faces import (
    LabelledFaces,
    Split,
    label_named,
    no_votes,
    split_named,
)
from core.training.datasets.framing import FaceCutter, Framing
from core.training.datasets.report import Skipped
from core.training.datasets.source import Source
from core.vision.photo import decode_photo

_NUMBERED = re.compile(r"(?P<name>.*?[^\W\d_].*?)(?:[ _-]+\d+)+")
# Cameras, programs and FER2013's own copies number their pictures behind these words.
_NOBODY = {
    "capture", "dsc", "dscn", "face", "file", "frame", "image", "img", "photo", "pic", "picture",
    "privatetest", "publictest", "pxl", "screenshot", "test", "train", "training", "val",
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """One file of the folder, and what its place says about it."""

    path: Path
    name: str
    label: str
    split: Split | None
    person: str


def list_pictures(root: Path) -> tuple[Picture, ...]:
    """The files below a folder per class, in an order that does not depend on the file system.

    `root/LABEL/…`, or `root/train/LABEL/…` with test and perhaps validation beside it. A folder
    inside a class names a person (`happy/anna/1.jpg`), and so does a name before a number
    (`happy/anna_003.jpg`) unless it is the label's or a camera's (`happy_003.jpg`, `IMG_003.jpg`).
    Hidden files and folders are left alone.

    Raises:
        DatasetError: there are no folders, one class only, or a class without files.
    """
    pictures: list[Picture] = []
    for split, folder in _splits(root):
        classes = _folders(folder)
        if len({label_named(path.name) for path in classes}) < 2:
            raise DatasetError(
                f"The folder “{folder.name}” has {len(classes)} class folders. At least two "
                "classes are needed, each in a sub-folder of its own."
            )
        for path in classes:
            of_class = list(_pictures_of(path, root, split))
            if not of_class:
                raise DatasetError(
                    f"The class folder “{path.relative_to(root)}” is empty. Put pictures into it, "
                    "or delete it."
                )
            pictures += of_class
    return tuple(pictures)


def read_pictures(pictures: tuple[Picture, ...], framing: Framing) -> Source:
    """Decodes and frames every picture; one that cannot be used is skipped by name.

    Raises:
        DatasetError: of some class no picture can be used.
        DetectorError: faces are to be found, and this installation has no detector.
    """
    cutter = FaceCutter(framing)
    images, taken, skipped = [], [], []
    for picture in pictures:
        try:
            # Named by its place in the sentence, so that equal reasons can be counted.
            image_bgr = decode_photo(_content(picture), picture.name)
            images.append(cutter.cut(image_bgr))
            taken.append(picture)
        except PhotoError as error:
            reason = error.sentence.removeprefix(f"“{picture.name}” ")
            skipped.append(Skipped(picture.name, reason))
    labels = tuple(sorted({picture.label for picture in pictures}))
    for label in labels:
        if all(picture.label != label for picture in taken):
            raise DatasetError(
                f"No picture of the class “{label}” can be used. The first: “{skipped[0].name}” "
                f"{skipped[0].reason}",
                "\n".join(f"{one.name}: {one.reason}" for one in skipped[:100]),
            )
    persons = np.array([picture.person for picture in taken], np.str_)
    faces = LabelledFaces(
        np.stack(images),
        np.array([labels.index(picture.label) for picture in taken], np.int64),
        no_votes(len(taken)),
        labels,
        persons if persons.astype(bool).any() else None,
    )
    return Source(faces, np.array([picture.split or "" for picture in taken]), tuple(skipped))


def _content(picture: Picture) -> bytes:
    try:
        return picture.path.read_bytes()
    except OSError as error:
        raise PhotoError(f"“{picture.name}” cannot be opened.", repr(error)) from error


def _splits(root: Path) -> Iterator[tuple[Split | None, Path]]:
    folders = _folders(root)
    splits = [split_named(folder.name) for folder in folders]
    if folders and all(splits):
        yield from zip(splits, folders, strict=True)
    else:
        yield None, root


def _folders(path: Path) -> list[Path]:
    return sorted(
        one for one in path.iterdir() if one.is_dir() and not one.name.startswith((".", "__"))
    )


def _pictures_of(folder: Path, root: Path, split: Split | None) -> Iterator[Picture]:
    label = label_named(folder.name)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            name = path.relative_to(root).as_posix()
            yield Picture(path, name, label, split, _person(inside, label))


def _person(inside: Path, label: str) -> str:
    """Whom a picture's place inside its class folder names; "" for nobody."""
    if len(inside.parts) > 1:
        return inside.parts[0]
    numbered = _NUMBERED.fullmatch(inside.stem)
    name = numbered["name"].casefold() if numbered else ""
    return "" if name in _NOBODY or label_named(name) == label else name
