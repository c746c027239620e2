"""The first of the two commands, as a newcomer types it."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path

from tests.support.server import MAKE_RUN, ROOT, running_server


def test_make_run_serves_the_dashboard(tmp_path: Path) -> None:
    with running_server(tmp_path, command=MAKE_RUN) as server:
        with urllib.request.urlopen(f"{server.url}/healthz") as answer:
            assert json.load(answer)["status"] == "ok"
        assert f"Mien: {server.url}" in server.log()


def test_make_alone_names_the_commands() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = {line[:12].strip() for line in listed.splitlines()}
    assert {"make setup", "make run", "make lint", "make test"} <= named
