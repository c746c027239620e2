"""Uploaded pictures stay in memory on their whole way."""

from __future__ import annotations

import streamlit as st
from starlette.formparsers import MultiPartParser


def keep_uploads_in_memory() -> None:
    """Call once, before the first upload.

    Trap: Starlette writes every uploaded file of more than 1 MB to a temporary file on disk before
    Streamlit takes it into memory. Up to the largest upload that is accepted, none goes there.
    """
    MultiPartParser.spool_max_size = int(st.get_option("server.maxUploadSize")) * 1024 * 1024
