"""`make demo-bot`: the dashboard, and a stand-in for Telegram that it talks to."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.clock import SystemClock
from deploy.demo_bot.server import HOST, DemoBotServer
from deploy.demo_bot.world import World

ROOT = Path(__file__).parents[2]
TOKEN = "6000000001:demo-token-of-no-real-bot"  # noqa: S105
PEOPLE = ("Anna", "Ben")
_READY_WITHIN_S = 90
_STOPPED_WITHIN_S = 15

_TAKEN = (
    "Port {port} is taken, perhaps by a dashboard that runs already: end that one, or take "
    "another port, for instance make demo-bot PORT=8600."
)
_NEXT = """
  Dashboard   http://localhost:{dashboard_port}
  Demo chats  http://{host}:{port}

What to do next:
  1. In the dashboard, open Alerts, then "Who is told" and "Link a carer's Telegram": it shows
     a code.
  2. In the demo chats, send that code to the bot as Anna.
  3. Let Alerts send a test message; or start the camera on Live and look as if in pain for
     some seconds. The alert arrives in Anna's chat, where its buttons can be pressed.

The bot's token is {token}, and the dashboard has it already.
Nothing is sent to Telegram. Recipients and alerts of this trial are not kept.
Ctrl+C ends both.
"""


def main() -> int:
    """Runs both until Ctrl+C; the exit status is the dashboard's, where that ends by itself."""
    asked = _arguments()
    if not _is_free(asked.dashboard_port):
        print(_TAKEN.format(port=asked.dashboard_port), file=sys.stderr)
        return 1
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    try:
        with (
            _served_chats(asked.port, asked.token) as port,
            tempfile.TemporaryDirectory(prefix="mien-demo-") as data_dir,
            _dashboard(asked.dashboard_port, _environment(port, asked.token, data_dir)) as process,
        ):
            if _wait_until_ready(process, asked.dashboard_port):
                ports = {"dashboard_port": asked.dashboard_port, "port": port}
                print(_NEXT.format(**ports, host=HOST, token=asked.token), flush=True)
            status = process.wait()
            print("The dashboard has ended by itself; why, it has said above.", file=sys.stderr)
            return status
    except KeyboardInterrupt:
        print("\nThe demo has ended.")
        return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo-bot", description=__doc__)
    parser.add_argument("--dashboard-port", type=int, default=8501)
    parser.add_argument("--port", type=int, default=8081, help="of the chats; another if taken")
    parser.add_argument("--token", type=_token, default=TOKEN, help="any, as number:letters")
    return parser.parse_args()


def _token(text: str) -> str:
    number, _, letters = text.partition(":")
    if not (number.isdigit() and letters):
        raise argparse.ArgumentTypeError("a token looks like 6000000001:letters")
    return text


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def _interrupt(*_: object) -> None:
    # Trap: an impatient second Ctrl+C would leave the dashboard behind.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _served_chats(port: int, token: str) -> Iterator[int]:
    """The stand-in for Telegram; its port, which is another where that is taken."""
    world = World(token, SystemClock())
    for name in PEOPLE:
        world.chats.add_person(name)
    try:
        server = DemoBotServer(world, port)
    except OSError:
        server = DemoBotServer(world)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _environment(port: int, token: str, data_dir: str) -> Mapping[str, str]:
    """Of the dashboard. Its data are its own: to a stand-in, all real recipients are unknown."""
    own = {key: value for key, value in os.environ.items() if key != "MIEN_DATABASE_URL"}
    return {
        **own,
        "MIEN_DATA_DIR": data_dir,
        "MIEN_TELEGRAM_TOKEN": token,
        "MIEN_TELEGRAM_API_URL": f"http://{HOST}:{port}",
    }


@contextmanager
def _dashboard(port: int, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py", f"--server.port={port}"]
    # In the same group: a Ctrl+C and a closed terminal reach it without us.
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    give_up_s = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < give_up_s and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    return False


if __name__ == "__main__":
    sys.exit(main())
