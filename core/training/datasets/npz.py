"""Faces in an npz: FER2013 with its votes, or any label set of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np
import numpy.typing as npt

from core.errors import DatasetError
from core.training.datasets.faces import LabelledFaces, Split, label_named, no_votes, split_named
from core.training.datasets.fer2013 import ARRAYS, fer2013_source
from core.training.datasets.source import Source
from core.training.datasets.splitting import SplitNames

_ORDER = (Split.TRAINING, Split.PUBLIC, Split.PRIVATE)
_NEEDED = ("images", "label", "label_names")
_OPTIONAL = ("usage", "split", "person", "identity")

Arrays = Mapping[str, npt.NDArray[Any]]


def read_npz(path: Path) -> Source:
    """Faces of an npz.

    It has `images`, uint8 (n, height, width) or (n, height, width, 3) in red, green, blue; `label`,
    whole numbers (n,), indices into `label_names`; and perhaps `usage` or `split`, (n,), as 0, 1, 2
    for training, validation and test or as words, and `person` or `identity`, (n,), a name or
    number of whose face each is.

    Raises:
        DatasetError: the file is no npz, lacks an array, or its arrays contradict each other.
    """
    try:
        # Opened here: numpy leaves its own handle open on a broken archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            known = {*ARRAYS, *_NEEDED, *_OPTIONAL} & set(archive.files)
            arrays = {name: archive[name] for name in known}
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, AttributeError) as error:
        raise DatasetError(f"{path.name} is not an npz that can be read.", repr(error)) from error
    if set(ARRAYS) <= set(arrays):
        return fer2013_source(arrays)
    try:
        return _generic(arrays)
    except ValueError as error:
        raise DatasetError(f"{path.name} cannot be used: {error}.") from error


def _generic(arrays: Arrays) -> Source:
    missing = [name for name in _NEEDED if name not in arrays]
    if missing:
        raise ValueError(f"it has no {' and no '.join(missing)}")
    images_grey, label = _grey(arrays["images"]), arrays["label"]
    labels = tuple(label_named(str(name)) for name in arrays["label_names"].ravel())
    if label.shape != (len(images_grey),) or not np.issubdtype(label.dtype, np.integer):
        raise ValueError("label is not one whole number for each image")
    strange = sorted(set(np.unique(label).tolist()) - set(range(len(labels))))
    if strange:
        known = f"0 to {len(labels) - 1}"
        raise ValueError(f"it has the class {strange[0]}, and label_names names {known}")
    faces = LabelledFaces(
        images_grey,
        label.astype(np.int64),
        no_votes(len(images_grey)),
        labels,
        _persons(arrays, len(images_grey)),
    )
    return Source(faces, _splits(arrays, len(images_grey)))


def _grey(images: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    if images.dtype != np.uint8 or images.ndim not in {3, 4} or not images.size:
        raise ValueError("images is not uint8 (n, height, width) or (n, height, width, 3)")
    if images.ndim == 3:
        return images
    if images.shape[3] == 1:
        return images[..., 0]
    if images.shape[3] != 3:
        raise ValueError(f"images has {images.shape[3]} colours, not 1 or 3")
    return np.stack([cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in images])


def _persons(arrays: Arrays, faces: int) -> npt.NDArray[np.str_] | None:
    given = arrays.get("person", arrays.get("identity"))
    if given is None:
        return None
    if given.shape != (faces,):
        raise ValueError("person is not one name for each image")
    return given.astype(np.str_)


def _splits(arrays: Arrays, faces: int) -> SplitNames:
    given = arrays.get("split", arrays.get("usage"))
    if given is None:
        return np.full(faces, "", np.str_)
    if given.shape != (faces,):
        raise ValueError("usage is not one value for each image")
    meant = {value: _split_meant(value) for value in set(given.tolist())}
    return np.array([meant[value] for value in given.tolist()], np.str_)


def _split_meant(value: object) -> str:
    if isinstance(value, int) and value in range(len(_ORDER)):
        return _ORDER[value].value
    split = split_named(str(value))
    if split is None:
        raise ValueError(f"usage has the value “{value}”, which is no split")
    return split.value
