"""The server process around the pages."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.server import RunningServer, running_server
from tests.support.waiting import eventually


def healthz(server: RunningServer) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def test_healthz_answers_before_any_page_was_opened(server: RunningServer) -> None:
    status, health = healthz(server)
    assert status == 200
    assert health["cameras"] == 0
    eventually(lambda: healthz(server)[1]["status"] == "ok")
    assert (server.data_dir / "mien.db").exists()


def test_without_a_database_the_live_picture_goes_on_and_healthz_says_so(tmp_path: Path) -> None:
    no_database = tmp_path / "no-database.db"
    no_database.write_text("Something else." * 100)
    with running_server(tmp_path, {"MIEN_DATABASE_URL": f"sqlite:///{no_database}"}) as server:
        eventually(lambda: healthz(server)[1]["status"] == "failing")
        status, health = healthz(server)
        assert status == 503
        assert "is no database of Mien's" in str(health["troubles"])
        assert str(no_database) not in json.dumps(health)
        with urllib.request.urlopen(server.url, timeout=10) as page:
            assert page.status == 200
    assert no_database.read_text().startswith("Something else.")


def test_the_plain_command_serves_the_pages_too(browser: Browser, tmp_path: Path) -> None:
    # `python -m` puts the project's root on the import path by itself; this command does not
    streamlit = Path(sys.executable).with_name("streamlit")
    command = [str(streamlit), "run", "app/main.py", "--server.port={port}"]
    with running_server(tmp_path, {"PYTHONPATH": ""}, command=command) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/stills")
        expect(page.get_by_text("Nothing here yet")).to_be_visible(timeout=30_000)
        page.close()


def test_the_server_listens_on_this_machine_only(server: RunningServer) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    listening = [
        line.split()[1]
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for line in table.read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    loopback = {"0100007F", "00000000000000000000000001000000"}
    assert {address.split(":")[0] for address in listening} <= loopback


def test_sigterm_ends_the_server_while_a_page_is_open(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/stills")
        expect(page.get_by_text("Nothing here yet")).to_be_visible(timeout=30_000)
        os.kill(server.pid, signal.SIGTERM)
        ended = _ends_within(server.pid, seconds=30)
        page.close()
        assert ended, server.log()
        assert "Traceback" not in server.log()


def _ends_within(pid: int, seconds: float) -> bool:
    give_up_s = time.monotonic() + seconds
    while time.monotonic() < give_up_s:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    "address", ["/", "/stills", "/video", "/timeline", "/alerts", "/models", "/teach"]
)
def test_every_page_can_be_opened_by_its_address(
    page: Page, server: RunningServer, address: str
) -> None:
    page.goto(f"{server.url}{address}")
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(7)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.locator('[data-testid="stSidebarNavLink"][aria-current="page"]')).to_have_count(1)
