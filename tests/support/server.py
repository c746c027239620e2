"""The real server, started as `make run` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

STREAMLIT = (sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.port={port}")
SOON_MISSED = (
    sys.executable,
    "-c",
    """
import sys
import core.watching.watch
core.watching.watch.MISSED_FROM_S = 2.0
from streamlit.web.cli import main
sys.argv = ["streamlit", "run", "app/main.py", *sys.argv[1:]]
main()
""",
    "--server.port={port}",
)
"""The plain command, but for a camera that is missed after two seconds instead of a minute."""
MAKE_RUN = ("make", "--silent", "run", "MIEN_PORT={port}")


@dataclass(frozen=True)
class RunningServer:
    """A server that answers.

    Attributes:
        url: without a slash at the end.
        pid: of the server process, which leads its own process group.
        data_dir: its `MIEN_DATA_DIR`, empty at the start.
        log_path: what it wrote to stdout and stderr.
    """

    url: str
    pid: int
    data_dir: Path
    log_path: Path

    def log(self) -> str:
        """Everything that the server wrote so far."""
        return self.log_path.read_text(errors="replace")


def find_free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running_server(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    command: Sequence[str] = STREAMLIT,
    ready_within_s: float = 60,
) -> Iterator[RunningServer]:
    """Starts the server on a free port with its data in `folder`; stops it with its children."""
    port = find_free_port()
    data_dir = folder / "data"
    data_dir.mkdir(parents=True, exist_ok=True)
    log_path = folder / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            cwd=ROOT,
            env={**os.environ, "MIEN_DATA_DIR": str(data_dir), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = RunningServer(f"http://localhost:{port}", process.pid, data_dir, log_path)
    try:
        _wait_until_healthy(server, process, ready_within_s)
        yield server
    finally:
        _stop(process)


def _wait_until_healthy(
    server: RunningServer, process: subprocess.Popen[bytes], ready_within_s: float
) -> None:
    give_up_s = time.monotonic() + ready_within_s
    while time.monotonic() < give_up_s and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start. Its log:\n{server.log()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
    process.wait(timeout=10)
