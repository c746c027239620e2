"""Commands of the system: run one, as root where that needs no password, install with apt."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path


def apt_install(*packages: str) -> bool:
    """Whether apt could install them without asking anybody for anything."""
    if shutil.which("apt-get") is None:
        return False
    as_root("apt-get", "update", "-qq")
    return as_root("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)


def as_root(*command: str | Path) -> bool:
    """Whether the command could be run as root, without a password, and succeeded."""
    if os.geteuid() == 0:
        prefix: Sequence[str] = ()
    elif shutil.which("sudo") and succeeds("sudo", "-n", "true"):
        prefix = ("sudo", "-n")
    else:
        return False
    return succeeds(*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command, show=True)


def succeeds(*command: str | Path, show: bool = False) -> bool:
    """Runs a command; its output is shown only where asked for."""
    output = None if show else subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def say(sentence: str) -> None:
    """One line to the person at the terminal."""
    print(f"▸ {sentence}", flush=True)
