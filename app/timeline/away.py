"""A database that is away while the page is open."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.words import plain
from core.errors import RecordsError

_log = logging.getLogger(__name__)


@contextmanager
def said_if_away() -> Iterator[None]:
    """What stands in it says why it is missing; the rest of the page goes on, and tries again."""
    try:
        yield
    except RecordsError as error:
        _log.warning("The Timeline cannot be read: %s", error.cause)
        st.warning(plain(error.sentence), icon=":material/warning:")
