"""Files of this server for one browser: videos, large tables, printable reports.

Trap: Streamlit's own download button holds the whole file in memory for as long as the page lives.
Here the file stays on the disk and is sent from there, also in parts, as players and broken-off
downloads ask for them.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from app.own_routes import own_route
from core.clock import Clock, SystemClock
from core.errors import MienError

OFFERED_S = 3600.0
"""After it was offered last, an address leads nowhere."""

_log = logging.getLogger(__name__)

_GONE = "This file is not offered any more. Go back to the page that offered it, and ask again."
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Trap: Streamlit compresses what names no encoding, on the loop that carries the cameras.
    "Content-Encoding": "identity",
}
SHOWN_HEADERS = _HEADERS | {
    # The file's own scripts and styles run, without rights on this server, and ask nobody.
    "Content-Security-Policy": "sandbox allow-scripts allow-modals; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:",
}
"""Of what the browser shows, instead of saving it."""


@dataclass(frozen=True)
class Offer:
    """One file, as the browser is to have it.

    Attributes:
        file_name: that the browser proposes.
        inline: to be shown or played, not saved.
    """

    path: Path
    file_name: str
    mime: str
    inline: bool = False


@dataclass(frozen=True)
class Page:
    """A page that is made when somebody opens it.

    Attributes:
        name: tells it from all others.
        make: the whole HTML; called in a thread of its own; MienError where it cannot be made.
    """

    name: str
    make: Callable[[], str] = field(compare=False)


class Offers:
    """Of this server; any thread may use it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[Offer | Page, tuple[str, float]] = {}

    def add(self, offer: Offer | Page) -> str:
        """Its token, which nobody guesses; the same one while it is offered, and for longer now."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            self._tokens = {o: (t, s) for o, (t, s) in self._tokens.items() if s > now_s}
            # Trap: setting an equal key would keep the old page, with what makes it.
            token, _ = self._tokens.pop(offer, (secrets.token_urlsafe(24), 0.0))
            self._tokens[offer] = token, now_s + OFFERED_S
        return token

    def find(self, token: str) -> Offer | Page | None:
        """None for what is not offered, or not any more."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            found = [o for o, (t, s) in self._tokens.items() if s > now_s and t == token]
        return found[0] if found else None

    def withdraw(self, path: Path) -> None:
        """This file, or all files in this folder."""
        with self._lock:
            self._tokens = {
                what: kept
                for what, kept in self._tokens.items()
                if isinstance(what, Page) or not what.path.is_relative_to(path)
            }


_offers = Offers(SystemClock())


def offer(path: Path, file_name: str, mime: str, *, inline: bool = False) -> str:
    """An address on this server under which the file can be had for the next hour.

    Offering it again, as each run of a page does, gives the same address and another hour. The
    file is left as it is, also afterwards; one that is erased leads nowhere.
    """
    return _path(_offers.add(Offer(path, file_name, mime, inline)))


def offer_page(name: str, make: Callable[[], str]) -> str:
    """An address for the next hour, as with `offer`, of a page that is made when it is opened."""
    return _path(_offers.add(Page(name, make)))


def withdraw(path: Path) -> None:
    """Offer this file, or all files in this folder, no longer."""
    _offers.withdraw(path)


def download_link(title: str, address: str, icon: str = "download") -> None:
    """A link that looks like a button and saves the file, without leaving the page.

    Args:
        title: plain text.
        address: as `offer` gave it.
        icon: of Material Symbols, from the font that Streamlit brings.
    """
    st.html(
        f'{_STYLE}<a class="mien-download" href="{escape(address)}" download>'
        f'<span aria-hidden="true">{escape(icon)}</span>{escape(title)}</a>',
        width="content",
    )


def route_path() -> str:
    """Where the server is to answer with `offered_file`."""
    return _path("{token}")


async def offered_file(request: Request) -> Response:
    """The file, or the part of it that is asked for, or the page; 404 with a sentence."""
    found = _offers.find(request.path_params["token"])
    if isinstance(found, Page):
        return await run_in_threadpool(_made, found)
    if found is None or not found.path.is_file():
        return PlainTextResponse(_GONE, status_code=404, headers={"Cache-Control": "no-store"})
    return FileResponse(
        found.path,
        headers=SHOWN_HEADERS if found.inline else _HEADERS,
        media_type=found.mime,
        filename=found.file_name,
        content_disposition_type="inline" if found.inline else "attachment",
    )


def _made(page: Page) -> Response:
    try:
        return HTMLResponse(page.make(), headers=SHOWN_HEADERS)
    except MienError as error:
        _log.error("A page cannot be made: %s", error.cause)
        return PlainTextResponse(error.sentence, status_code=503, headers=_HEADERS)


def _path(token: str) -> str:
    return own_route("download", token)


# As Streamlit's secondary buttons, in whatever colours the text around has.
_STYLE = """<style>
.mien-download {
  display: inline-flex; align-items: center; gap: 0.4rem; min-height: 2.5rem;
  padding: 0.25rem 0.75rem; border-radius: 0.6rem; line-height: 1.6; font-size: 0.875rem;
  border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
  color: inherit !important; text-decoration: none !important;
}
.mien-download:hover, .mien-download:focus-visible {
  border-color: color-mix(in srgb, currentColor 60%, transparent);
}
.mien-download span {
  font-family: "Material Symbols Rounded"; font-size: 1.25rem; line-height: 1;
}
</style>"""
