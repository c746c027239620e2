"""The requirement files: complete, bounded, each bound with its reason, and what is installed."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.sources import LAYERS, MODULES, ROOT, imported_modules

LINES = [
    line
    for name in ("requirements.txt", "requirements-training.txt", "requirements-dev.txt")
    for line in (ROOT / name).read_text().splitlines()
    if line and not line.startswith("#")
]


def _requirement(line: str) -> Requirement:
    return Requirement(line.partition("#")[0])


def _name(line: str) -> str:
    return _requirement(line).name


@pytest.mark.parametrize("line", LINES, ids=_name)
def test_has_an_upper_bound_with_its_reason(line: str) -> None:
    assert any(bound.operator == "<" for bound in _requirement(line).specifier)
    assert line.partition("#")[2].strip()


@pytest.mark.parametrize("line", LINES, ids=_name)
def test_is_what_is_installed(line: str) -> None:
    assert version(_name(line)) in _requirement(line).specifier


def test_everything_that_is_imported_is_named() -> None:
    named = {canonicalize_name(_name(line)) for line in LINES}
    by_module = packages_distributions()
    imported = {
        name.split(".")[0] for module in MODULES for name in imported_modules(module.read_text())
    }
    foreign = imported - set(LAYERS) - sys.stdlib_module_names
    unnamed = {
        module
        for module in foreign
        if named.isdisjoint(map(canonicalize_name, by_module.get(module, [])))
    }
    assert unnamed == set()
