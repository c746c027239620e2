"""Which ICE servers help a browser and this server to find each other."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from core.errors import ConfigurationError

ENVIRONMENT_VARIABLE = "MIEN_ICE_SERVERS"

IceServer = dict[str, Any]
"""As in the browser's RTCIceServer: urls, and username and credential where needed."""

_KEYS = {"urls", "username", "credential"}
_URL = re.compile(r"(stun|turn)s?:[^\s/:?]+(:\d{1,5})?(\?transport=(udp|tcp))?")
"""What browsers and aiortc both take; aiortc knows no addresses of IPv6."""


def rtc_configuration() -> dict[str, list[IceServer]]:
    """For both ends of the connection; on one machine no ICE server is needed.

    The empty list is said outright: streamlit-webrtc would fill a missing one with a public
    server, and a request would leave the machine.

    Raises:
        ConfigurationError: what was configured is not a list of ICE servers.
    """
    return {"iceServers": _configured()}


def _configured() -> list[IceServer]:
    text = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    if text:
        try:
            return _checked(json.loads(text), ENVIRONMENT_VARIABLE)
        except json.JSONDecodeError as error:
            # the text holds credentials: only the place of the fault is told
            raise _refusal(ENVIRONMENT_VARIABLE, f"no JSON at character {error.pos}") from None
    return _checked(_secret_servers(), "[webrtc] ice_servers in secrets.toml")


def _secret_servers() -> object:
    try:
        return st.secrets.get("webrtc", {}).get("ice_servers", [])
    except StreamlitSecretNotFoundError:
        return []


def _checked(servers: object, source: str) -> list[IceServer]:
    if not isinstance(servers, Sequence) or isinstance(servers, str):
        raise _refusal(source, "not a list")
    # Trap: on an entry that it cannot use the browser throws, and START does nothing at all.
    for server in servers:
        if not isinstance(server, Mapping) or set(server) - _KEYS:
            raise _refusal(source, "an entry is not {urls, username, credential}")
        _check_entry(server, source)
    return [dict(server) for server in servers]


def _check_entry(server: Mapping[str, object], source: str) -> None:
    given = server.get("urls")
    urls = [given] if isinstance(given, str) else given
    if not isinstance(urls, Sequence) or not urls:
        raise _refusal(source, "an entry has no urls")
    if not all(isinstance(url, str) and _URL.fullmatch(url) for url in urls):
        raise _refusal(source, "a url is not stun:host:port or turn:host:port")
    secrets = (server.get("username"), server.get("credential"))
    is_turn = any(str(url).startswith("turn") for url in urls)
    if is_turn and not all(isinstance(secret, str) and secret for secret in secrets):
        raise _refusal(source, "a turn server lacks its username or its credential")


def _refusal(source: str, cause: str) -> ConfigurationError:
    return ConfigurationError(
        "The list of ICE servers cannot be used, so the camera cannot connect. "
        "The person who set up this server should check it.",
        f"{source}: {cause}",
    )
