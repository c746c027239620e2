"""Decoded faces on disk, so that the second run starts at once. An npz; nothing is unpickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.training.datasets.faces import LabelledFaces, no_votes
from core.training.datasets.report import Skipped
from core.training.datasets.source import Source

_FORMAT = "1"  # Raised whenever the same files would be read differently.


def content_key(paths: Iterable[Path], *parameters: object) -> str:
    """A name for what these files hold and how they are read.

    The files' own names do not count unless they are among the parameters.
    """
    digest = hashlib.sha256(json.dumps([_FORMAT, *map(str, parameters)]).encode())
    for path in paths:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError:  # The reader will name it.
            digest.update(b"unreadable")
    return digest.hexdigest()[:32]


def cached(folder: Path | None, key: str, read: Callable[[], Source]) -> Source:
    """What was read under this key before, else what `read` gives, which is then kept.

    A cache that is damaged, or that cannot be written, costs time and nothing else.

    Args:
        folder: of the cache; None for none.
        key: from `content_key`.
        read: the slow way. Its errors pass through.
    """
    if folder is None:
        return read()
    path = folder / f"{key}.npz"
    try:
        return _restored(path)
    except (OSError, EOFError, BadZipFile, ValueError, KeyError):
        source = read()
    beside = path.with_suffix(".writing.npz")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _keep(source, beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    return source


def _keep(source: Source, path: Path) -> None:
    faces = source.faces
    np.savez(
        path,
        images=faces.images_grey,
        label=faces.label_index,
        label_names=np.array(faces.labels),
        person=np.array([]) if faces.persons is None else faces.persons,
        split=source.splits,
        skipped=np.array([[one.name, one.reason] for one in source.skipped]),
    )


def _restored(path: Path) -> Source:
    # Opened here: numpy leaves its own handle open on a broken archive.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        faces = LabelledFaces(
            archive["images"],
            archive["label"],
            no_votes(len(archive["label"])),
            tuple(archive["label_names"].tolist()),
            archive["person"] if archive["person"].size else None,
        )
        skipped = tuple(Skipped(name, reason) for name, reason in archive["skipped"].tolist())
        return Source(faces, archive["split"], skipped)
