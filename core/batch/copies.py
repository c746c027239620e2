"""Where the copies with marked faces are written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.batch.folder import FoundFile
from core.batch.task import ItemKind
from core.errors import ConfigurationError

_SUFFIX = {ItemKind.PICTURE: ".jpg", ItemKind.VIDEO: ".mp4"}


def annotated_paths(files: Iterable[FoundFile], folder: Path) -> dict[Path, Path]:
    """By the original's path: in folders as the originals lie in theirs.

    An original of another format keeps its suffix before the new one, and no two copies get the
    same name.

    Raises:
        ConfigurationError: a copy would replace an original.
    """
    copies: dict[Path, Path] = {}
    taken: set[Path] = set()
    for file in files:
        copy = _free_path(folder / file.inside, _SUFFIX[file.kind], taken)
        copies[file.path] = copy
        taken.add(copy)
    originals = {path.resolve() for path in copies}
    if any(copy.resolve() in originals for copy in taken):
        raise ConfigurationError(
            f"The marked copies would replace the originals in “{folder}”. Give another folder "
            "with --annotate."
        )
    return copies


def _free_path(path: Path, suffix: str, taken: set[Path]) -> Path:
    stem = path.stem if path.suffix.lower() == suffix else path.name
    copy, number = path.with_name(stem + suffix), 1
    while copy in taken:
        number += 1
        copy = path.with_name(f"{stem} ({number}){suffix}")
    return copy
