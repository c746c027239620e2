"""The project's own source texts, and what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("core", "app", "pages")
MODULES = sorted(chain.from_iterable((ROOT / layer).rglob("*.py") for layer in LAYERS))


def path_of(module: Path) -> str:
    """Relative to the root, with slashes."""
    return module.relative_to(ROOT).as_posix()


def imported_modules(source: str) -> Iterator[str]:
    """Every module that a source text imports, wherever in the text it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


def imported_names(source: str) -> Iterator[str]:
    """The imported modules, and what is taken from them: `from core import training` is one too."""
    yield from imported_modules(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
