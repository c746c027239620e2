"""Renders faces as the command does."""

import subprocess
import sys

from tests.support.sources import ROOT


def synthetic(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own: Mesa crashes where TensorFlow was loaded before."""
    command = [sys.executable, "-m", "core.training.synthetic", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
