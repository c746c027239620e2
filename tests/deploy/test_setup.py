"""Set-up, run for real on a project that needs no package: stamped, repaired, honest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

FILES = (
    "requirements.txt",
    "requirements-training.txt",
    "requirements-dev.txt",
    "requirements-nodeps.txt",
)


@pytest.fixture
def fresh_project(tmp_path: Path) -> Path:
    """A project without requirements, on a machine that has OpenCV but no network."""
    return _write_project(tmp_path / "fresh")


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = _write_project(tmp_path_factory.mktemp("set-up") / "project")
    done = set_up(project)
    assert done.returncode == 0, done.stderr
    assert "Mien is set up." in done.stdout
    return project


@pytest.fixture
def project(set_up_once: Path, tmp_path: Path) -> Path:
    """The same, once it was set up."""
    shutil.copytree(set_up_once, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def _write_project(folder: Path) -> Path:
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for name in FILES:
        (folder / name).touch()
    (folder / "stubs").mkdir()
    (folder / "stubs/cv2.py").touch()
    return folder


def set_up(project: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [project / "deploy/setup.sh", "run"],
        env={
            **os.environ,
            "PYTHON": sys.executable,
            "PYTHONPATH": str(project / "stubs"),
            "PIP_NO_INDEX": "1",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_second_call_finds_nothing_to_do(project: Path) -> None:
    second = set_up(project)
    assert (second.returncode, second.stdout) == (0, "")


def test_changed_requirements_are_installed(project: Path) -> None:
    (project / "requirements.txt").write_text("pip\n")
    assert "Installing the packages" in set_up(project).stdout


@pytest.mark.parametrize("damage", ["no pip", "pip was killed"])
def test_half_finished_set_up_is_repaired(project: Path, damage: str) -> None:
    venv = project / ".venv"
    (venv / "mien-run.stamp").unlink()
    if damage == "no pip":
        shutil.rmtree(next(venv.glob("lib/*/site-packages/pip")))
    else:
        (venv / "mien-installing").touch()
    repaired = set_up(project)
    assert repaired.returncode == 0, repaired.stderr
    assert "Making .venv" in repaired.stdout


def test_a_package_that_cannot_be_fetched_is_said(project: Path) -> None:
    (project / "requirements.txt").write_text("no-such-package-of-mien\n")
    refused = set_up(project)
    assert refused.returncode == 1
    assert "The packages could not be installed" in refused.stderr
    assert "Traceback" not in refused.stderr
    (project / "requirements.txt").write_text("")
    assert "Mien is set up." in set_up(project).stdout


def test_without_the_weights_of_yunet_it_goes_on(project: Path) -> None:
    (project / "requirements-nodeps.txt").write_text("no-such-package-of-mien\n")
    done = set_up(project)
    assert done.returncode == 0
    assert "YuNet's weights could not be fetched" in done.stdout


def test_no_suitable_python_is_said(fresh_project: Path) -> None:
    refused = set_up(fresh_project, PYTHON="false")
    assert refused.returncode == 1
    assert "Mien needs Python 3.11" in refused.stderr


def test_a_missing_venv_module_is_named(fresh_project: Path) -> None:
    (fresh_project / "stubs/sitecustomize.py").write_text(
        "import sys\nsys.modules['ensurepip'] = None\n"
    )
    commands = fresh_project / "commands"
    commands.mkdir()
    for name in ("sh", "dirname"):
        (commands / name).symlink_to(str(shutil.which(name)))
    # Nothing else is on the path: no apt-get, so nothing is installed here.
    refused = set_up(fresh_project, PATH=str(commands))
    assert refused.returncode == 1
    version = "{}.{}".format(*sys.version_info)
    assert f"install the package python{version}-venv" in refused.stderr
