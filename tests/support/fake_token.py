"""The one fake token of all tests, and the search for it."""

from __future__ import annotations

from pathlib import Path

TOKEN = "6000000001:fake-token-that-must-never-be-seen"


def files_with(token: str, folder: Path) -> list[Path]:
    """Files under a folder that hold the token, or what follows its colon."""
    sought = token.rpartition(":")[2].encode()
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in files if sought in path.read_bytes())
