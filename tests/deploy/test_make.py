"""The commands that serve something, as a newcomer types them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.bot_api import BotApi
from tests.support.server import MAKE_RUN, ROOT, RunningServer, running_server
from tests.support.waiting import eventually

MAKE_DEMO_BOT = ("make", "--silent", "demo-bot", "MIEN_PORT={port}")


def _health(server: RunningServer) -> str:
    with urllib.request.urlopen(f"{server.url}/healthz") as answer:
        return str(json.load(answer)["status"])


def test_make_run_serves_the_dashboard(tmp_path: Path) -> None:
    with running_server(tmp_path, command=MAKE_RUN) as server:
        eventually(lambda: _health(server) == "ok")
        assert f"Mien: {server.url}" in server.log()


def test_make_alone_names_the_commands() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = {line[:12].strip() for line in listed.splitlines()}
    assert {"make setup", "make run", "make lint", "make test"} <= named


def test_make_demo_bot_serves_the_dashboard_and_its_bot_s_chats(tmp_path: Path) -> None:
    # A server of the person's own, which the demo must neither use nor change.
    own = {
        "MIEN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "MIEN_TELEGRAM_TOKEN": "1:x",
    }
    with running_server(tmp_path, own, command=MAKE_DEMO_BOT) as server:
        eventually(lambda: "What to do next" in server.log())
        (address,) = re.findall(r"Demo chats +(http://127\.0\.0\.1:\d+)", server.log())
        chats = BotApi(address)
        eventually(chats.is_polled)
        anna = chats.state()["chats"][0]["id"]
        chats.write(anna, "/help")
        assert chats.wait_for(1, anna)
        assert list(server.data_dir.iterdir()) == []
        os.killpg(server.pid, signal.SIGINT)
        eventually(lambda: "The demo has ended." in server.log())
        for ended in (server.url, address):
            with pytest.raises(urllib.error.URLError):
                urllib.request.urlopen(ended)
    assert "Traceback" not in server.log()


def test_make_demo_bot_says_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = ["make", "--silent", "demo-bot", f"PORT={port}"]
        refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert f"Port {port} is taken" in refused.stderr
    assert "Traceback" not in refused.stderr
