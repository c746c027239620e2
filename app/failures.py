"""What happens when something fails: a sentence for the person, the cause for the log."""

from __future__ import annotations

import logging

import streamlit as st

from app.words import plain
from core.errors import MienError

_log = logging.getLogger(__name__)


def log_plainly() -> None:
    """Own modules from INFO, libraries from WARNING: some write addresses with secrets at INFO."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("app", "core"):
        logging.getLogger(name).setLevel(logging.INFO)


def show_error(error: Exception) -> bool:
    """The last line of defence of every page; True tells Streamlit that the error was shown."""
    if isinstance(error, MienError):
        _log.error("%s", error.cause)
        st.error(plain(error.sentence), icon=":material/error:")
    else:
        # Streamlit logs the error itself, with its traceback.
        st.error(
            "Something went wrong on this page. Your settings were kept. Load the page again; "
            "if it comes back, the server's log says more.",
            icon=":material/error:",
        )
    return True
