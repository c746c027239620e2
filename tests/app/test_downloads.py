from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.routing import Route

from app import downloads
from app.downloads import OFFERED_S, Offers, offer, offer_page, offered_file, route_path, withdraw
from core.errors import RecordsError
from tests.support.clock import FakeClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    clock = FakeClock()
    monkeypatch.setattr(downloads, "_offers", Offers(clock))
    return clock


class Browser:
    """Asks the server's route."""

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._get(address, headers))

    async def _get(self, address: str, headers: dict[str, str] | None) -> httpx.Response:
        app = Starlette(routes=[Route(route_path(), offered_file)])
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client:
            return await client.get(address, headers=headers)


@pytest.fixture
def browser(clock: FakeClock) -> Browser:
    return Browser()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "result.bin"
    path.write_bytes(b"0123456789")
    return path


def test_a_file_is_saved_under_its_name(browser: Browser, table: Path) -> None:
    answer = browser.get(offer(table, "Küche heute.csv", "text/csv"))
    assert answer.status_code == 200
    assert answer.content == b"0123456789"
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "K%C3%BCche%20heute.csv" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "identity"


def test_a_player_gets_the_part_that_it_asks_for(browser: Browser, table: Path) -> None:
    address = offer(table, "annotated.mp4", "video/mp4", inline=True)
    answer = browser.get(address, headers={"Range": "bytes=3-5"})
    assert (answer.status_code, answer.content) == (206, b"345")
    assert answer.headers["content-range"] == "bytes 3-5/10"
    assert answer.headers["content-disposition"].startswith("inline")


def test_a_page_that_is_shown_has_no_rights_here(browser: Browser, table: Path) -> None:
    answer = browser.get(offer(table, "report.html", "text/html", inline=True))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy


def test_each_offer_has_its_own_address_which_nobody_guesses(clock: FakeClock, table: Path) -> None:
    shown = offer(table, "a.html", "text/html", inline=True)
    saved = offer(table, "a.html", "text/html")
    assert shown != saved
    assert all(len(address.rpartition("/")[2]) >= 32 for address in (shown, saved))
    assert offer(table, "a.html", "text/html") == saved


def test_an_offer_lasts_an_hour_from_the_last_time(
    browser: Browser, clock: FakeClock, table: Path
) -> None:
    address = offer(table, "a.csv", "text/csv")
    clock.advance(OFFERED_S - 1)
    assert offer(table, "a.csv", "text/csv") == address
    clock.advance(OFFERED_S - 1)
    assert browser.get(address).status_code == 200
    clock.advance(2)
    assert browser.get(address).status_code == 404
    assert offer(table, "a.csv", "text/csv") != address


@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_what_is_withdrawn_cannot_be_had(browser: Browser, table: Path, what: str) -> None:
    address = offer(table, "a.csv", "text/csv")
    other = offer(Path(__file__), "b.py", "text/plain")
    withdraw(table if what == "the file" else table.parent)
    assert browser.get(address).status_code == 404
    assert browser.get(other).status_code == 200


def test_a_page_is_made_when_it_is_opened(browser: Browser) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("once more")
        return f"<p>Made {len(made)} times</p>"

    address = offer_page("report of today", make)
    assert offer_page("report of today", make) == address != offer_page("of yesterday", make)
    assert made == []
    browser.get(address)
    answer = browser.get(address)
    assert answer.text == "<p>Made 2 times</p>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"].startswith("sandbox ")


def test_a_page_is_made_as_it_was_offered_last(browser: Browser) -> None:
    address = offer_page("report", lambda: "of a database that is closed by now")
    assert offer_page("report", lambda: "of the one that is open") == address
    assert browser.get(address).text == "of the one that is open"


def test_a_page_that_cannot_be_made_is_a_sentence(browser: Browser) -> None:
    def make() -> str:
        raise RecordsError("The database is busy.", "locked")

    answer = browser.get(offer_page("report", make))
    assert (answer.status_code, answer.text) == (503, "The database is busy.")


def test_a_file_that_is_gone_is_a_sentence(browser: Browser, table: Path) -> None:
    address = offer(table, "a.csv", "text/csv")
    table.unlink()
    answer = browser.get(address)
    assert answer.status_code == 404
    assert "not offered any more" in answer.text


@pytest.mark.parametrize("token", ["wrong", "../main.py", "%2e%2e%2fmain.py", "x" * 5000])
def test_a_guess_finds_nothing(browser: Browser, table: Path, token: str) -> None:
    offer(table, "a.csv", "text/csv")
    assert browser.get(route_path().replace("{token}", token)).status_code == 404


@pytest.mark.parametrize(
    ("base", "begin"), [("", "/download/"), ("/mien/", "/mien/download/")], ids=["none", "one"]
)
def test_the_address_stands_below_the_base_path(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, table: Path, base: str, begin: str
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.__getitem__)
    assert offer(table, "a", "text/csv").startswith(begin)
    assert route_path() == f"{begin}{{token}}"
