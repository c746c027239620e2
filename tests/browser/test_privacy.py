"""Nothing leaves the machine, neither from the page nor from the server behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import record_outside_requests
from tests.support.server import RunningServer, running_server

NOTE_ICONS = """
    window.icons = new Set()
    const note = () => document.querySelectorAll('link[rel~=icon]').forEach(l => icons.add(l.href))
    new MutationObserver(note).observe(document, {subtree: true, childList: true, attributes: true})
"""


def visit_every_page(page: Page) -> int:
    """Opens each page from the navigation; how many there are."""
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.first).to_be_visible()
    count = links.count()
    for number in range(count):
        links.nth(number).click()
        expect(links.nth(number)).to_have_attribute("aria-current", "page")
        expect(page.get_by_test_id("stHeading").first).to_be_visible()
        page.wait_for_load_state("networkidle")
    return count


def test_pages_ask_no_other_host(page: Page) -> None:
    # The fixture fails this test at its end if one did.
    assert visit_every_page(page) >= 2


def test_icons_of_the_tab_come_from_nowhere_else(page: Page, server: RunningServer) -> None:
    # Streamlit fetches a page's `:material/` icon for the tab from a public font host, but headless
    # Chromium shows no tab and asks for no icon: so the addresses are looked at.
    page.add_init_script(NOTE_ICONS)
    page.reload()
    visit_every_page(page)
    icons = page.evaluate("[...window.icons]")
    assert icons
    assert [icon for icon in icons if not icon.startswith(("data:", server.url))] == []


def test_a_request_to_another_host_is_noticed(browser: Browser, server: RunningServer) -> None:
    context = browser.new_context()
    outside = record_outside_requests(context, server.url)
    page = context.new_page()
    page.goto(server.url)
    page.evaluate(
        """() => {
            fetch('http://127.0.0.1:9/pixel').catch(() => null)
            new WebSocket('ws://127.0.0.1:9/socket')
        }"""
    )
    page.wait_for_timeout(500)
    context.close()
    assert set(outside) == {"http://127.0.0.1:9/pixel", "ws://127.0.0.1:9/socket"}


def test_server_asks_no_other_host(browser: Browser, tmp_path: Path) -> None:
    with recording_proxy() as (proxy_url, asked):
        proxies = dict.fromkeys(
            ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy_url
        )
        with running_server(tmp_path, {**proxies, "no_proxy": ""}) as server:
            page = browser.new_page()
            page.goto(server.url)
            visit_every_page(page)
            page.close()
    assert asked == []


def test_server_never_loads_tensorflow(page: Page, server: RunningServer) -> None:
    visit_every_page(page)
    libraries = Path(f"/proc/{server.pid}/maps").read_text()
    assert "/cv2/" in libraries
    assert "/tensorflow/" not in libraries


@contextmanager
def recording_proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that forwards nothing; its address, and a list of what it was asked for."""
    asked: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        do_GET = do_POST = do_HEAD = do_CONNECT = refuse  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{proxy.server_port}", asked
        finally:
            proxy.shutdown()
            thread.join()
