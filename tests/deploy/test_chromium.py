"""Which Chromium the tests drive."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.chromium import find_chromium

SNAP_STUB = "#!/bin/sh\necho 'requires the chromium snap: snap install chromium'\n"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser: `bin` is its path, `builds` what Playwright fetched."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "builds"))
    monkeypatch.delenv("MIEN_CHROMIUM", raising=False)
    return tmp_path


def _program(path: Path, text: str = "#!/bin/sh\n") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_none_on_a_bare_machine(machine: Path) -> None:
    assert find_chromium() is None


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_systems_own(machine: Path, name: str) -> None:
    system = _program(machine / "bin" / name)
    assert find_chromium() == system


def test_not_the_stub_of_a_snap(machine: Path) -> None:
    _program(machine / "bin/chromium-browser", SNAP_STUB)
    assert find_chromium() is None


def test_playwrights_build_instead_of_a_snap(machine: Path) -> None:
    _program(machine / "bin/chromium-browser", SNAP_STUB)
    build = _program(machine / "builds/chromium-1/chrome-linux/chrome")
    assert find_chromium() == build


def test_the_one_that_was_chosen(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(machine / "bin/chromium")
    monkeypatch.setenv("MIEN_CHROMIUM", _program(machine / "mine"))
    assert find_chromium() == str(machine / "mine")


def test_a_chosen_one_that_is_absent_is_not_replaced(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(machine / "bin/chromium")
    monkeypatch.setenv("MIEN_CHROMIUM", str(machine / "absent"))
    assert find_chromium() is None
