"""A lesson from a folder per label."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from core.errors import DatasetError, PhotoError
from core.teaching.examples import ExampleReader, digest_of
from core.teaching.lesson import Lesson


def lesson_from_folders(root: Path, reader: ExampleReader) -> tuple[Lesson, tuple[str, ...]]:
    """Reads `root/LABEL/PICTURE`; the folders' names are the labels. Hidden files are left alone.

    A picture that lies under two labels is left out of both: nobody knows which one is meant.

    Returns:
        The lesson, and a sentence for each picture that was skipped.

    Raises:
        DatasetError: there is no such folder, it does not hold labels that can be taught, or one
            of them is empty.
    """
    if not root.is_dir():
        raise DatasetError(f"There is no folder {root}.")
    folders = [path for path in _visible(root) if path.is_dir()]
    lesson = Lesson([folder.name for folder in folders])
    by_label = {
        label: [path for path in _visible(folder) if path.is_file()]
        for label, folder in zip(lesson.labels, folders, strict=True)
    }
    for label, paths in by_label.items():
        if not paths:
            raise DatasetError(f"The folder “{label}” holds no picture. Fill it or remove it.")
    contradicting = _contradicting(by_label)
    skipped = []
    for label, paths in by_label.items():
        for path in paths:
            sentence = _add(lesson, label, path, reader, contradicting)
            if sentence is not None:
                skipped.append(f"{label}: {sentence}")
    return lesson, tuple(skipped)


def _add(
    lesson: Lesson, label: str, path: Path, reader: ExampleReader, contradicting: set[str]
) -> str | None:
    try:
        data = path.read_bytes()
        if digest_of(data) in contradicting:
            return f"“{path.name}” lies under two labels and was left out of both."
        return lesson.add(label, reader.read(data, path.name))
    except PhotoError as error:
        return error.sentence
    except OSError:
        return f"“{path.name}” cannot be opened."


def _contradicting(by_label: dict[str, list[Path]]) -> set[str]:
    """Digests of contents that lie under more than one label."""
    labels = Counter(
        digest for paths in by_label.values() for digest in set(map(_digest, paths)) if digest
    )
    return {digest for digest, count in labels.items() if count > 1}


def _digest(path: Path) -> str:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
