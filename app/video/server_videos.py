"""Videos that lie on the server already: only those in one folder.

Whoever reaches the page may read what can be chosen on it. So nothing is typed: a name is looked up
among those that were found, and no link leads out of the folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.video.upload import is_video
from core.errors import VideoError

MOST_VIDEOS = 500
_DEEPEST = 4


def server_videos(folder: Path) -> dict[str, Path]:
    """The videos in it and in its folders, by their names within it, in order.

    A link is left out wherever it leads..
    """
    found: dict[str, Path] = {}
    root = folder.resolve()
    for place, folders, names in os.walk(root):
        deep = len(Path(place).relative_to(root).parts) >= _DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if name[0] != ".")
        paths = (Path(place, name) for name in names if is_video(name) and name[0] != ".")
        found |= {
            str(path.relative_to(root)): path
            for path in paths
            if path.is_file() and not path.is_symlink()
        }
        if len(found) >= MOST_VIDEOS:
            break
    return dict(sorted(found.items(), key=lambda item: item[0].lower())[:MOST_VIDEOS])


def server_video(folder: Path, name: str) -> Path:
    """The one of this name; VideoError where it is none of them."""
    path = server_videos(folder).get(name)
    if path is None:
        raise VideoError(f"“{name}” is not in the folder any more. Choose another video.")
    return path
