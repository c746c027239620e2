"""Which files of folders are read: pictures and videos, in an order that does not change."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.batch.task import ItemKind, ItemOutcome

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi"})

_NOT_THERE = "There is no such file or folder."
_NOT_OPENED = "It cannot be opened: it may be gone, or not meant for you."
_NEITHER = "It is neither a picture (JPEG, PNG, WebP) nor a video (MP4, MOV, WebM, MKV, AVI)."


@dataclass(frozen=True)
class FoundFile:
    """One file to read.

    Attributes:
        path: as it was given, or below the folder that was given.
        inside: its place below where the folder that was given lies; the name alone of a file
            that was given itself.
        modified_ns: Unix time.
    """

    path: Path
    kind: ItemKind
    inside: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        files: each once, folders in the order given, and sorted by name within each.
        problems: what cannot be opened, each with its sentence.
        others: files that are neither pictures nor videos.
    """

    files: tuple[FoundFile, ...]
    problems: tuple[ItemOutcome, ...]
    others: int


def find_files(given: Iterable[Path], leave_out: Iterable[Path] = ()) -> Found:
    """All pictures and videos among the files given and in the folders given, however deep.

    Links are followed, each folder once, so that loops end. Hidden files and folders are left
    alone, unless they were given.

    Args:
        given: files and folders.
        leave_out: files and folders that are not looked at, such as those that are written.
    """
    search = _Search(leave_out)
    for path in given:
        search.take(path)
    return Found(tuple(search.files), tuple(search.problems), search.others)


class _Search:
    def __init__(self, leave_out: Iterable[Path]) -> None:
        self.files: list[FoundFile] = []
        self.problems: list[ItemOutcome] = []
        self.others = 0
        self._seen = {_target_of(path) for path in leave_out}

    def take(self, path: Path) -> None:
        if stat.S_ISDIR(_mode_of(path)):
            self._take_folder(path)
        elif not os.path.lexists(path):
            self._note(path, _NOT_THERE)
        elif kind_of(path) is None:
            self._note(path, _NEITHER)
        else:
            self._take_file(path, Path(path.name))

    def _take_folder(self, root: Path) -> None:
        name = root.resolve().name
        for path in self._walk(root):
            if kind_of(path) is None:
                self.others += self._is_new(path)
            else:
                self._take_file(path, name / path.relative_to(root))

    def _walk(self, root: Path) -> Iterator[Path]:
        """A folder's own files, then those of each of its folders."""
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            folders = []
            for path in self._visible(folder) if self._is_new(folder) else ():
                if stat.S_ISDIR(_mode_of(path)):
                    folders.append(path)
                else:
                    yield path
            waiting.extend(reversed(folders))

    def _visible(self, folder: Path) -> list[Path]:
        try:
            return sorted(path for path in folder.iterdir() if path.name[0] != ".")
        except OSError:
            self._note(folder, _NOT_OPENED)
            return []

    def _take_file(self, path: Path, inside: Path) -> None:
        kind = kind_of(path)
        try:
            about = path.stat()
        except OSError:
            self._note(path, _NOT_OPENED)
            return
        # Trap: opening a pipe or a device may wait for ever.
        if kind is None or not stat.S_ISREG(about.st_mode):
            self._note(path, _NEITHER)
        elif self._is_new(path):
            self.files.append(FoundFile(path, kind, inside, about.st_size, about.st_mtime_ns))

    def _is_new(self, path: Path) -> bool:
        target = _target_of(path)
        is_new = target not in self._seen
        self._seen.add(target)
        return is_new

    def _note(self, path: Path, sentence: str) -> None:
        self.problems.append(ItemOutcome(str(path), problem=sentence))


def _target_of(path: Path) -> str:
    # Not `Path.resolve`, which gives up at a link that leads to itself.
    return os.path.realpath(path)


def _mode_of(path: Path) -> int:
    """Of what a link leads to; 0 for what cannot be looked at."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def kind_of(path: Path) -> ItemKind | None:
    """By its name; the content is judged where it is read. None for neither."""
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        return ItemKind.PICTURE
    return ItemKind.VIDEO if suffix in VIDEOS else None
