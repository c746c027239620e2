"""The processes in which files are read, seen from outside."""

from __future__ import annotations

import subprocess
from pathlib import Path


def readers_of(parent: int) -> list[int]:
    """Process ids of those that this process started and that still run."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [int(pid) for pid, command in lines if "core.batch.child" in command]


def is_there(pid: int) -> bool:
    """Whether a process runs; one that nobody has buried yet does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
