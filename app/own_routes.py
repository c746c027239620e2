"""Where the server answers besides the pages."""

from __future__ import annotations

import streamlit as st


def own_route(*parts: str) -> str:
    """A path on this server for a route and for the browser, below the base path if one is set."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return "/" + "/".join((base, *parts) if base else parts)
